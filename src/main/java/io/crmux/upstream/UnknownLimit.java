package io.crmux.upstream;

import io.crmux.crm.Limit;
import java.time.Duration;

/**
 * Finds the rate of a CRM that publishes none, by what it refuses. Before the first refusal nothing is held back.
 *
 * <p>The rate at which a call was refused is remembered, less a little, as the ceiling. Calls leave evenly from then on, first a quarter slower, after ten
 * seconds at the ceiling. Above it the rate is felt for with the cube of the time, as CUBIC does (RFC 9438): it stays long where it was good, and does not
 * stay for ever below a limit that was lifted. Time counts in full only as far as calls use it, so that few calls do not make for frequent refusals. What the CRM
 * has taken in the last minute it takes: after a burst into a long window, refusals in a row do not lower the rate any further.
 */
final class UnknownLimit {

    private static final double BELOW_REFUSED = 0.97;
    private static final double SLOWEST = 0.5;
    private static final double STEP = 0.03;
    private static final double STEP_SECONDS = 6;
    private static final double CALLS_PER_SECOND = 12;
    private static final double SLOWEST_TIME = 0.1;
    private static final long LATENESS_NANOS = 5_000_000;
    private static final double SECOND = 1e9;

    private final LearnedRate learned = new LearnedRate();
    private final SlidingLog lastSecond = new SlidingLog(Limit.of(Integer.MAX_VALUE, Duration.ofSeconds(1)));
    private final SlidingLog lastMinute = new SlidingLog(Limit.of(Integer.MAX_VALUE, Duration.ofMinutes(1)));
    private final SlidingLog refusedLastMinute = new SlidingLog(Limit.of(Integer.MAX_VALUE, Duration.ofMinutes(1)));
    private double ceiling = Double.POSITIVE_INFINITY;
    private long next;
    private long callsWhole;

    long waitNanos(long now) {
        return isKnown() ? Math.max(0, next - now) : 0;
    }

    void note(int cost, long now) {
        lastSecond.note(cost, now);
        lastMinute.note(cost, now);
        if (isKnown()) {
            callsWhole = learned.wholeNanos(now) < 0 ? 0 : callsWhole + cost;
            next = Math.max(next, now - LATENESS_NANOS) + (long) (cost * SECOND / rate(now));
        }
    }

    void refused(int cost, long now) {
        refusedLastMinute.note(cost, now);
        if (!learned.mayFall(now)) {
            learned.refused(now);
            return;
        }
        double refusedAt = isKnown() ? rate(now) : lastSecond.used(now);
        double taken = (lastMinute.used(now) - refusedLastMinute.used(now)) / 60.0;
        ceiling = Math.max(SLOWEST, Math.max(taken, refusedAt * BELOW_REFUSED));
        learned.fallTo(LearnedRate.FALL / BELOW_REFUSED, now);
        next = now;
        callsWhole = 0;
    }

    private boolean isKnown() {
        return ceiling != Double.POSITIVE_INFINITY;
    }

    /** In calls a second. */
    private double rate(long now) {
        double passed = Math.max(0, learned.wholeNanos(now)) / SECOND;
        double seconds = Math.min(passed, Math.max(callsWhole / CALLS_PER_SECOND, passed * SLOWEST_TIME));
        return ceiling * learned.share(now) * (1 + STEP * Math.pow(seconds / STEP_SECONDS, 3));
    }
}
