package io.crmux.upstream;

import io.crmux.crm.Allowance;
import io.crmux.crm.Limit;
import io.crmux.crm.Standing;
import io.crmux.upstream.SlidingLog.Mark;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says when a call may leave: within every limit of its bucket, not more than so many at once, and not while the CRM wants to be left alone. */
final class Pacer {

    private final Map<String, Bucket> buckets = new HashMap<>();
    private final Bucket every = new Bucket();
    private int concurrent;
    private int underWay;

    Pacer(List<Limit> limits, int concurrent) {
        this.concurrent = concurrent;
        buckets.put(Limit.EVERY, every);
        alsoKeep(limits, concurrent);
    }

    /** Keeps these limits as well, where it does not already. */
    void alsoKeep(List<Limit> limits, int most) {
        concurrent = Math.min(concurrent, most);
        limits.forEach(limit -> bucket(limit.bucket()).add(limit));
    }

    private Bucket bucket(String name) {
        return buckets.computeIfAbsent(name, absent -> new Bucket());
    }

    /** Whether one more call may be under way at all. */
    boolean hasPlace() {
        return underWay < concurrent;
    }

    /**
     * How long until a call of the bucket may leave, in nanoseconds; 0 when one may now.
     *
     * @param cost as how many calls it counts
     * @param evenly whether it must leave room for those who wait
     */
    long waitNanos(String bucket, int cost, boolean evenly, long now) {
        long wait = bucket(bucket).waitNanos(cost, evenly, now);
        return bucket.equals(Limit.EVERY) ? wait : Math.max(wait, every.waitNanos(cost, evenly, now));
    }

    int concurrent() {
        return concurrent;
    }

    int underWay() {
        return underWay;
    }

    /** What is left of every limit; while the CRM wants to be left alone, nothing is. */
    List<Standing.Left> left(long now) {
        long held = (every.heldNanos(now) + 999_999) / 1_000_000;
        return buckets.values().stream()
                .flatMap(bucket -> bucket.left(now).stream())
                .map(left -> held == 0 ? left : new Standing.Left(left.limit(), 0, Math.max(held, left.opensMillis())))
                .toList();
    }

    /** A call begins. Answers its marks, to be told when it leaves; {@link #told} needs them to understand its answer. */
    List<Mark> begin(String bucket, int cost, long now) {
        underWay++;
        List<Mark> marks = new ArrayList<>();
        bucket(bucket).begin(cost, now, marks);
        if (!bucket.equals(Limit.EVERY)) {
            every.begin(cost, now, marks);
        }
        return marks;
    }

    /** A call has ended. */
    void end() {
        underWay--;
    }

    /**
     * No call leaves before that time. Where a bucket has a name of its own, its calls alone are meant: the CRM limits certain paths then, and not the
     * account.
     */
    void hold(String bucket, long until) {
        (bucket.equals(Limit.ORDINARY) ? every : bucket(bucket)).hold(until);
    }

    /** The CRM has refused a call because there were too many. */
    void refused(String bucket, int cost, long now) {
        bucket(bucket).refused(cost, now);
    }

    /** An answer tells of a limit. One that was not known before is kept from now on. */
    void told(List<Mark> marks, Allowance told, long now) {
        long reset = told.resetMillis() == null ? -1 : told.resetMillis() * 1_000_000;
        Mark meant = meant(marks, told);
        if (meant != null) {
            int limit = told.limit() == null ? meant.log().limit().calls() : told.limit();
            meant.log().told(meant, limit, told.remaining(), reset, now);
        } else if (told.limit() != null && told.window() != null) {
            bucket(told.bucket()).learn(new Limit(told.limit(), told.window(), told.bucket()));
        } else if (told.remaining() <= underWay && reset >= 0) {
            bucket(told.bucket()).hold(now + reset);
        }
    }

    /** Whether there are limits whose calls must be known after a restart. */
    boolean hasLimits() {
        return buckets.values().stream().anyMatch(Bucket::hasLimits);
    }

    /** Whether so many calls have left since the last time that they must be kept now. */
    boolean isAhead() {
        return buckets.values().stream().anyMatch(Bucket::isAhead);
    }

    /**
     * What must be known after a restart, by bucket.
     *
     * @param millis the same time as {@code now}, since 1970
     * @param aheadMillis how long calls may leave before more is kept; 0 when none will
     */
    JsonObject keep(long now, long millis, long aheadMillis) {
        JsonObject kept = new JsonObject();
        buckets.forEach((name, bucket) -> kept.put(name, bucket.keep(now, millis, aheadMillis)));
        return kept;
    }

    /** Lays on what was kept. */
    void recover(JsonObject kept, long now, long millis) {
        kept.forEach(entry -> bucket(entry.getKey()).recover((JsonObject) entry.getValue(), now, millis));
    }

    /** By its window; else by its number of calls; else it is the only one. */
    private static @Nullable Mark meant(List<Mark> marks, Allowance told) {
        List<Mark> candidates = marks.stream()
                .filter(mark -> mark.log().limit().bucket().equals(told.bucket()))
                .toList();
        Duration window = told.window();
        if (window == null && candidates.size() == 1) {
            return candidates.get(0);
        }
        return candidates.stream()
                .filter(mark -> window == null
                        ? Integer.valueOf(mark.log().limit().calls()).equals(told.limit())
                        : mark.log().limit().window().equals(window))
                .findFirst()
                .orElse(null);
    }
}
