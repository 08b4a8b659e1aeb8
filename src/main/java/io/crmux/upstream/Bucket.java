package io.crmux.upstream;

import io.crmux.crm.Limit;
import io.crmux.crm.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Calls that count together: their limits, what was learned of them, and the time for which the CRM wants no more of them. */
final class Bucket {

    /** A refusal says nothing of the windows that are longer. */
    private static final Duration LONGEST_LEARNED = Duration.ofMinutes(1);

    private final List<SlidingLog> logs = new ArrayList<>();
    private final LearnedRate learned = new LearnedRate();
    private final UnknownLimit unknown = new UnknownLimit();
    private long heldUntil = Long.MIN_VALUE;

    void add(Limit limit) {
        logs.add(new SlidingLog(limit));
    }

    /** How much of the limits may be used. */
    double share(SlidingLog log, long now) {
        return log.isLongerThan(LONGEST_LEARNED) ? 1 : learned.share(now);
    }

    /**
     * How long until a call may leave, in nanoseconds; 0 when one may now.
     *
     * @param evenly whether it must leave room for those who wait
     */
    long waitNanos(int cost, boolean evenly, long now) {
        long wait = heldNanos(now);
        for (SlidingLog log : logs) {
            double share = share(log, now);
            wait = Math.max(wait, evenly ? log.evenWaitNanos(cost, share, now) : log.waitNanos(cost, share, now));
        }
        return logs.isEmpty() ? Math.max(wait, unknown.waitNanos(now)) : wait;
    }

    long heldNanos(long now) {
        return heldUntil == Long.MIN_VALUE ? 0 : Math.max(0, heldUntil - now);
    }

    /** What is left of each limit. */
    List<Standing.Left> left(long now) {
        long held = heldNanos(now);
        return logs.stream()
                .map(log -> new Standing.Left(
                        log.limit(),
                        held > 0 ? 0 : log.remaining(share(log, now), now),
                        millis(Math.max(held, log.opensNanos(now)))))
                .toList();
    }

    private static long millis(long nanos) {
        return (nanos + 999_999) / 1_000_000;
    }

    void note(int cost, long now, List<SlidingLog.Mark> marks) {
        if (logs.isEmpty()) {
            unknown.note(cost, now);
        }
        for (SlidingLog log : logs) {
            marks.add(log.note(cost, now));
        }
    }

    /** No call leaves before that time. */
    void hold(long until) {
        heldUntil = Math.max(heldUntil, until);
    }

    /** The CRM has refused a call because there were too many. */
    void refused(int cost, long now) {
        if (logs.isEmpty()) {
            unknown.refused(cost, now);
        } else {
            learned.refused(now);
        }
    }
}
