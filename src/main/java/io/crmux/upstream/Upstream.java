package io.crmux.upstream;

import io.crmux.crm.Connector;
import io.crmux.crm.Http;
import io.crmux.crm.InMemory;
import io.crmux.crm.Lane;
import io.crmux.crm.Limit;
import io.crmux.crm.Loop;
import io.crmux.crm.Settings;
import io.crmux.crm.Transport;
import io.crmux.crm.VertxLoop;
import io.crmux.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** All outgoing accounts. Opened and closed at start and end, from one thread that is no event loop. */
public final class Upstream {

    private final Vertx vertx;
    private final Metrics metrics;
    private final Map<Identity, Account> accounts = new HashMap<>();
    private final List<WebTransport> transports = new ArrayList<>();

    /** What tells accounts apart: connections with the same settings share one budget. */
    private record Identity(String slug, Map<String, String> settings, UpstreamOptions options) {}

    public Upstream(Vertx vertx, Metrics metrics) {
        this.vertx = vertx;
        this.metrics = metrics;
    }

    /** The way out for one connection. */
    public Http open(String connection, Connector connector, Settings settings, UpstreamOptions options) {
        Identity identity = new Identity(connector.descriptor().slug(), settings.values(), options);
        Account account = accounts.computeIfAbsent(identity, absent -> account(connector, settings, options));
        for (Lane lane : Lane.values()) {
            metrics.upstreamQueue(connection, lane, () -> account.waiting(lane), () -> account.oldestSeconds(lane));
        }
        return (call, request) -> account.send(connection, call, request);
    }

    private Account account(Connector connector, Settings settings, UpstreamOptions options) {
        Loop loop = VertxLoop.open(vertx);
        int concurrent = options.concurrent() > 0
                ? options.concurrent()
                : connector.descriptor().concurrent();
        return new Account(
                loop,
                connector,
                settings,
                transport(connector, settings, loop, concurrent),
                limits(connector.limits(settings), options.rate()),
                concurrent,
                metrics,
                RandomGenerator.getDefault());
    }

    private Transport transport(Connector connector, Settings settings, Loop loop, int concurrent) {
        if (connector instanceof InMemory inMemory) {
            return inMemory.transport(settings, loop);
        }
        WebTransport transport = new WebTransport(vertx, concurrent);
        transports.add(transport);
        return transport;
    }

    /** A configured rate replaces the published limits for ordinary calls, and those alone. */
    private static List<Limit> limits(List<Limit> published, List<Limit> configured) {
        return configured.isEmpty()
                ? published
                : Stream.concat(
                                configured.stream(),
                                published.stream()
                                        .filter(limit -> !limit.bucket().equals(Limit.ORDINARY)))
                        .toList();
    }

    /** Lets go of all connections. */
    public Future<Void> close() {
        return Future.join(transports.stream().map(WebTransport::close).toList())
                .mapEmpty();
    }
}
