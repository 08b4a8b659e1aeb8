package io.crmux.upstream;

/**
 * Stops calls to a CRM that fails. It opens when half of at least {@value #LEAST_CALLS} calls in ten seconds have failed; then one call in five seconds
 * goes through and tries whether the CRM is back; the first that succeeds closes it.
 */
final class CircuitBreaker {

    private static final int LEAST_CALLS = 20;
    private static final int SECONDS = 10;
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long PROBE_NANOS = 5 * SECOND_NANOS;

    private final int[] calls = new int[SECONDS];
    private final int[] failures = new int[SECONDS];
    private long second = Long.MIN_VALUE;
    private boolean open;
    private long nextProbe;

    /** Whether a call may be made now. While it is open, whoever is told so tries for all. */
    boolean lets(long now) {
        if (!open) {
            return true;
        }
        if (now < nextProbe) {
            return false;
        }
        nextProbe = now + PROBE_NANOS;
        return true;
    }

    boolean isOpen() {
        return open;
    }

    /** How long until the next call is let through, in nanoseconds. */
    long waitNanos(long now) {
        return open ? Math.max(0, nextProbe - now) : 0;
    }

    /** A call has failed as calls to a broken CRM do. Answers whether this has opened it. */
    boolean failed(long now) {
        count(now, 1);
        if (open || sum(calls) < LEAST_CALLS || sum(failures) * 2 < sum(calls)) {
            return false;
        }
        open = true;
        nextProbe = now + PROBE_NANOS;
        return true;
    }

    /** A call has been answered. Answers whether this has closed it. */
    boolean succeeded(long now) {
        boolean closes = open;
        if (closes) {
            open = false;
            second = Long.MIN_VALUE;
        }
        count(now, 0);
        return closes;
    }

    private void count(long now, int failed) {
        long current = Math.floorDiv(now, SECOND_NANOS);
        if (second == Long.MIN_VALUE || current - second >= SECONDS) {
            second = current - SECONDS;
        }
        while (second < current) {
            second++;
            calls[slot(second)] = 0;
            failures[slot(second)] = 0;
        }
        calls[slot(current)]++;
        failures[slot(current)] += failed;
    }

    private static int slot(long second) {
        return (int) Math.floorMod(second, (long) SECONDS);
    }

    private static int sum(int[] counts) {
        int sum = 0;
        for (int count : counts) {
            sum += count;
        }
        return sum;
    }
}
