package io.crmux.fault;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy that does to each exchange what its plan says. An exchange begins with the first bytes that a client sends after an answer, so it fits any
 * protocol in which one side asks and the other answers, HTTP/1.1 for one, without pipelining.
 */
public final class FaultProxy implements AutoCloseable {

    private final Vertx vertx;
    private final NetServer server;
    private final NetClient client;
    private final int target;
    private final AtomicLong exchanges = new AtomicLong();
    private final List<Fault> done = new CopyOnWriteArrayList<>();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private volatile FaultPlan plan;

    private FaultProxy(Vertx vertx, int target, FaultPlan plan) {
        this.vertx = vertx;
        this.target = target;
        this.plan = plan;
        this.client = vertx.createNetClient();
        this.server = vertx.createNetServer().connectHandler(this::connected);
        server.listen(0, "127.0.0.1").await();
    }

    /** Opens one in front of a port of this machine. Blocks until it listens. */
    public static FaultProxy before(Vertx vertx, int target, FaultPlan plan) {
        return new FaultProxy(vertx, target, plan);
    }

    public int port() {
        return server.actualPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** From now on another plan is followed; exchanges are counted on. */
    public void follow(FaultPlan next) {
        plan = next;
    }

    /** Cuts all connections, and takes new ones. */
    public void cut() {
        links.forEach(Link::reset);
    }

    /** How many exchanges have begun. */
    public long exchanges() {
        return exchanges.get();
    }

    /** The faults so far, in order; those that are none left out. */
    public List<Fault> faults() {
        return List.copyOf(done);
    }

    private void connected(NetSocket asking) {
        asking.pause();
        client.connect(target, "127.0.0.1").onComplete(connected -> {
            if (connected.failed()) {
                Link.reset(asking);
                return;
            }
            Link link = new Link(vertx, asking, connected.result(), this::next);
            links.add(link);
            asking.closeHandler(closed -> {
                links.remove(link);
                connected.result().close();
            });
            link.open();
        });
    }

    private Fault next() {
        Fault fault = plan.fault(exchanges.getAndIncrement());
        if (!(fault instanceof Fault.None)) {
            done.add(fault);
        }
        return fault;
    }

    @Override
    public void close() {
        server.close().await();
        client.close().await();
    }
}
