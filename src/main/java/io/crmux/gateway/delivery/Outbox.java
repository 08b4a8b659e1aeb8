package io.crmux.gateway.delivery;

import io.crmux.crm.Loop;
import io.crmux.gateway.contact.Backlog;
import io.crmux.gateway.contact.Layer;
import io.crmux.telemetry.Metrics;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what waits for delivery, and knows the oldest of it. Changed on the connection's loop, read by whoever collects metrics. */
public final class Outbox {

    private static final long NOTHING = Long.MAX_VALUE;

    private final Loop loop;
    private final Deque<Backlog> backlogs = new ArrayDeque<>();
    /** What was accepted after all backlogs. */
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

    /** This was not settled when the process ended. */
    public void recovered(Backlog backlog) {
        backlogs.add(backlog);
        length.addAndGet(backlog.pending());
        if (oldest == NOTHING) {
            trim();
        }
    }

    /** A change was accepted. */
    public void accepted(Layer layer) {
        inOrder.add(layer);
        length.incrementAndGet();
        if (oldest == NOTHING) {
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
        while (!backlogs.isEmpty() && backlogs.element().oldest() == null) {
            backlogs.remove();
        }
        while (!inOrder.isEmpty() && inOrder.element().state().isEnd()) {
            inOrder.remove();
        }
        Layer first = backlogs.isEmpty() ? inOrder.peek() : backlogs.element().oldest();
        oldest = first == null ? NOTHING : first.acceptedAt();
    }

    private double ageSeconds() {
        long accepted = oldest;
        return accepted == NOTHING ? 0 : Math.max(0, loop.millis() - accepted) / 1000.0;
    }
}
