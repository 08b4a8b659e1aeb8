package io.crmux.gateway.delivery;

import io.crmux.crm.Loop;
import io.crmux.gateway.contact.Layer;
import io.crmux.store.ChangeState;
import io.crmux.telemetry.Metrics;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what waits for delivery, and knows the oldest of it. Changed on the connection's loop, read by whoever collects metrics. */
public final class Outbox {

    private static final long NOTHING = Long.MAX_VALUE;

    private final Loop loop;
    private final Deque<Layer> inOrder = new ArrayDeque<>();
    private final AtomicInteger length = new AtomicInteger();
    private volatile long oldest = NOTHING;
    private final AtomicLong dead = new AtomicLong();

    public Outbox(Loop loop, Metrics metrics, String connection) {
        this.loop = loop;
        metrics.outbox(connection, length::get, this::ageSeconds);
        metrics.deadLetters(connection, dead::get);
    }

    /** So many dead letters were there at the start. */
    public void recovered(long deadLetters) {
        dead.set(deadLetters);
    }

    /** A change was accepted. */
    public void accepted(Layer layer) {
        boolean isFirst = inOrder.isEmpty();
        inOrder.add(layer);
        length.incrementAndGet();
        if (isFirst) {
            trim();
        }
    }

    void decided(int changes) {
        length.addAndGet(-changes);
        trim();
    }

    void died() {
        dead.incrementAndGet();
        decided(1);
    }

    /** Dead letters were replayed or given up. */
    public void undead(int changes) {
        dead.addAndGet(-changes);
    }

    private void trim() {
        assert loop.isHere();
        while (!inOrder.isEmpty() && isDecided(inOrder.peek())) {
            inOrder.poll();
        }
        oldest = inOrder.isEmpty() ? NOTHING : inOrder.peek().acceptedAt();
    }

    private static boolean isDecided(Layer layer) {
        return layer.state() == ChangeState.DELIVERED || layer.state() == ChangeState.DEAD;
    }

    private double ageSeconds() {
        long accepted = oldest;
        return accepted == NOTHING ? 0 : Math.max(0, loop.millis() - accepted) / 1000.0;
    }
}
