package io.crmux.upstream;

import io.crmux.crm.Limit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Says when a call may leave: within every limit of its bucket, not more than so many at once, and not while the CRM wants to be left alone. */
final class Pacer {

    private final Map<String, List<SlidingLog>> buckets = new HashMap<>();
    private final int concurrent;
    private int underWay;
    private long heldUntil = Long.MIN_VALUE;

    Pacer(List<Limit> limits, int concurrent) {
        this.concurrent = concurrent;
        for (Limit limit : limits) {
            buckets.computeIfAbsent(limit.bucket(), bucket -> new ArrayList<>()).add(new SlidingLog(limit));
        }
    }

    /** Whether one more call may be under way at all. */
    boolean hasPlace() {
        return underWay < concurrent;
    }

    /** How long until a call of the bucket may leave, in nanoseconds; 0 when one may now. */
    long waitNanos(String bucket, long now) {
        long wait = heldUntil == Long.MIN_VALUE ? 0 : Math.max(0, heldUntil - now);
        for (SlidingLog log : buckets.getOrDefault(bucket, List.of())) {
            wait = Math.max(wait, log.waitNanos(now));
        }
        return wait;
    }

    /** A call leaves. */
    void begin(String bucket, long now) {
        underWay++;
        buckets.getOrDefault(bucket, List.of()).forEach(log -> log.note(now));
    }

    /** A call has ended. */
    void end() {
        underWay--;
    }

    /** No call leaves before that time. */
    void hold(long until) {
        heldUntil = Math.max(heldUntil, until);
    }
}
