package io.crmux.gateway.delivery;

import io.crmux.crm.Loop;
import io.crmux.gateway.contact.Layer;
import io.crmux.store.ChangeState;
import io.crmux.telemetry.Metrics;
import java.util.ArrayDeque;
import java.util.Deque;

/** Counts what waits for delivery, and knows the oldest of it. Changed on the connection's loop, read by whoever collects metrics. */
public final class Outbox {

    private static final long NOTHING = Long.MAX_VALUE;

    private final Loop loop;
    private final Deque<Layer> inOrder = new ArrayDeque<>();
    private volatile int length;
    private volatile long oldest = NOTHING;
    private volatile long dead;

    public Outbox(Loop loop, Metrics metrics, String connection) {
        this.loop = loop;
        metrics.outbox(connection, () -> length, this::ageSeconds);
        metrics.deadLetters(connection, () -> dead);
    }

    /** How many changes wait for delivery. */
    public int length() {
        return length;
    }

    /** So many dead letters were there at the start. */
    public void recovered(long deadLetters) {
        dead = deadLetters;
    }

    /** A change was accepted. */
    public void accepted(Layer layer) {
        inOrder.add(layer);
        length = length + 1;
        trim();
    }

    void decided(int changes) {
        length = length - changes;
        trim();
    }

    void died() {
        dead = dead + 1;
        decided(1);
    }

    private void trim() {
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
