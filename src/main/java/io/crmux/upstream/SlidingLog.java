package io.crmux.upstream;

import io.crmux.crm.Limit;

/**
 * Keeps one limit: so many calls in any sliding window, as the CRM counts them.
 *
 * <p>The times of the last calls are kept, as many as the limit allows, and a call may leave when the oldest of them is out of the window. A token bucket
 * would let twice the limit out within one window: its burst, and what it is refilled with meanwhile. Since the CRM sees the calls after a way whose
 * length differs, a little is added to the window.
 */
final class SlidingLog {

    private static final long LEAST_SLACK_NANOS = 25_000_000;
    private static final long MOST_SLACK_NANOS = 250_000_000;
    /** 2.5 % of the window. */
    private static final int SLACK_PART = 40;

    private final long[] times;
    private final long window;
    private int next;
    private int used;

    SlidingLog(Limit limit) {
        times = new long[limit.calls()];
        long nanos = limit.window().toNanos();
        window = nanos + Math.max(LEAST_SLACK_NANOS, Math.min(MOST_SLACK_NANOS, nanos / SLACK_PART));
    }

    /** How long until a call may leave, in nanoseconds; 0 when one may now. */
    long waitNanos(long now) {
        return used < times.length ? 0 : Math.max(0, times[next] + window - now);
    }

    /** A call leaves. */
    void note(long now) {
        times[next] = now;
        next = (next + 1) % times.length;
        used = Math.min(used + 1, times.length);
    }
}
