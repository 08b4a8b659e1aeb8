package io.crmux.upstream;

import io.crmux.crm.Limit;
import io.crmux.crm.Standing;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Calls that count together: their limits, what was learned of them, and the time for which the CRM wants no more of them. */
final class Bucket {

    /** A refusal says nothing of the windows that are longer. */
    private static final Duration LONGEST_LEARNED = Duration.ofMinutes(1);

    /** Longer waits than any CRM means, in milliseconds. */
    static final long LONGEST_HELD_MILLIS = 24 * 3_600_000L;

    private final List<SlidingLog> logs = new ArrayList<>();
    private final LearnedRate learned = new LearnedRate();
    private final UnknownLimit unknown = new UnknownLimit();
    /** What was kept before a restart, by window in milliseconds: a limit may come later, with another connection of the account. */
    private final Map<Long, List<Left>> recovered = new HashMap<>();

    private long heldUntil = Long.MIN_VALUE;

    /** So many calls that left at that time, before a restart. */
    private record Left(int calls, long at) {}

    void add(Limit limit) {
        if (logs.stream().noneMatch(log -> log.limit().equals(limit))) {
            add(new SlidingLog(limit));
        }
    }

    /** Keeps a limit that an answer has told, where none of that window is kept: answers to calls that left before it was known tell it again. */
    void learn(Limit limit) {
        if (logs.stream().noneMatch(log -> log.limit().window().equals(limit.window()))) {
            add(new SlidingLog(limit, false));
        }
    }

    private void add(SlidingLog log) {
        layOn(log);
        logs.add(log);
    }

    private void layOn(SlidingLog log) {
        recovered
                .getOrDefault(log.limit().window().toMillis(), List.of())
                .forEach(left -> log.note(left.calls(), left.at()));
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

    void begin(int cost, long now, List<SlidingLog.Mark> marks) {
        if (logs.isEmpty()) {
            unknown.note(cost, now);
        }
        for (SlidingLog log : logs) {
            marks.add(log.begin(cost, now));
        }
    }

    boolean hasLimits() {
        return !logs.isEmpty();
    }

    /** Whether so many calls have left since the last time that they must be kept now. */
    boolean isAhead() {
        return logs.stream().anyMatch(SlidingLog::isAhead);
    }

    /**
     * What must be known after a restart: windows with the times and numbers of their calls, and until when it is held. If more calls may leave before the
     * next time, as many as may are among them, at the latest time at which they may: a crash forgets none then.
     *
     * @param aheadMillis how long calls may leave before more is kept; 0 when none will
     */
    JsonObject keep(long now, long millis, long aheadMillis) {
        JsonArray windows = new JsonArray();
        logs.forEach(log -> {
            log.keep();
            JsonArray calls = new JsonArray();
            log.forEach(
                    (last, count) ->
                            calls.add(millis - (now - last) / 1_000_000).add(count),
                    now);
            if (aheadMillis > 0 && log.ahead() > 0) {
                calls.add(millis + aheadMillis).add(log.ahead());
            }
            windows.add(new JsonObject()
                    .put("window", log.limit().window().toMillis())
                    .put("calls", calls));
        });
        return new JsonObject().put("held", millis + heldNanos(now) / 1_000_000).put("windows", windows);
    }

    /**
     * Lays on what was kept, also on the limits that come later. A window that is no longer a limit counts for nothing, and no call has left later than
     * now. Where limits have the same window, what is kept of the first counts for each: it is the longest that was counted.
     */
    void recover(JsonObject kept, long now, long millis) {
        hold(now + Math.min(LONGEST_HELD_MILLIS, kept.getLong("held") - millis) * 1_000_000);
        for (Object each : kept.getJsonArray("windows")) {
            JsonObject window = (JsonObject) each;
            JsonArray calls = window.getJsonArray("calls");
            List<Left> left = new ArrayList<>();
            for (int i = 0; i < calls.size(); i += 2) {
                long age = Math.max(0, millis - calls.getLong(i));
                left.add(new Left(calls.getInteger(i + 1), now - age * 1_000_000));
            }
            recovered.putIfAbsent(window.getLong("window"), left);
        }
        logs.forEach(this::layOn);
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
