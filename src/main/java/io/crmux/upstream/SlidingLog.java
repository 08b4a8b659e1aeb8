package io.crmux.upstream;

import io.crmux.crm.Limit;
import java.time.Duration;

/**
 * Keeps one limit: so many calls in any sliding window, as the CRM counts them.
 *
 * <p>A call may leave when fewer than the limit have left within the window. A token bucket would let twice the limit out within one window: its burst,
 * and what it is refilled with meanwhile. Since the CRM sees the calls after a way whose length differs, a little is added to the window, and a call
 * that has begun but for which a connection is still being opened counts for as long as that takes, and its window from then on. Calls that
 * leave within 1/{@value #SLOTS} of the window share a slot and are gone when the last of them is, so that a day's million calls take no more memory
 * than a second's five, and every question is answered from the oldest slots alone.
 *
 * <p>Others may use the account, too. What the CRM counts beyond our own calls is kept apart, as the last answer told it.
 */
final class SlidingLog {

    private static final int SLOTS = 512;
    private static final int MOST_SLOTS = SLOTS + 3;
    private static final long LEAST_SLACK_NANOS = 25_000_000;
    private static final long MOST_SLACK_NANOS = 250_000_000;
    /** 2.5 % of the window. */
    private static final int SLACK_PART = 40;
    /** How long an answer's word on others' calls is believed, where the window is longer. */
    private static final long MOST_BELIEVED_NANOS = 60_000_000_000L;
    /** Of longer windows, what leaves before it is kept is too little to matter. */
    private static final Duration LONGEST_AHEAD = Duration.ofMinutes(1);
    /** Shorter windows are over so soon that they are taken to be full. */
    private static final Duration LEAST_DIVIDED = Duration.ofSeconds(10);

    private static final int LEAST_AHEAD = 10;
    /** A quarter of the limit. */
    private static final int AHEAD_PART = 4;

    private final boolean isPublished;
    private final long window;
    private final long grain;
    private final long[] lasts = new long[MOST_SLOTS];
    private final int[] counts = new int[MOST_SLOTS];
    private Limit limit;
    private int allowed;
    private int first;
    private int slots;
    private long slotBegan;
    private int used;
    private int leaving;
    private long lastBegan;
    private long total;
    private long kept;
    private int others;
    private long othersUntil = Long.MIN_VALUE;

    SlidingLog(Limit limit) {
        this(limit, true);
    }

    /** @param isPublished whether it is known beforehand, and not from answers alone */
    SlidingLog(Limit limit, boolean isPublished) {
        this.limit = limit;
        this.isPublished = isPublished;
        this.allowed = limit.calls();
        long nanos = limit.window().toNanos();
        window = nanos + Math.max(LEAST_SLACK_NANOS, Math.min(MOST_SLACK_NANOS, nanos / SLACK_PART));
        grain = (window + SLOTS - 1) / SLOTS;
    }

    Limit limit() {
        return limit;
    }

    boolean isLongerThan(Duration other) {
        return limit.window().compareTo(other) > 0;
    }

    /**
     * How long until a call may leave, in nanoseconds; 0 when one may now.
     *
     * @param cost as how many calls it counts
     * @param share which part of the limit may be used
     */
    long waitNanos(int cost, double share, long now) {
        int most = most(share);
        int missing = Math.min(cost, most) - (most - used(now) - others(now));
        if (missing <= 0) {
            return 0;
        }
        long wait = opensAfter(missing, now);
        return others(now) == 0 ? wait : Math.min(wait, Math.max(othersUntil - now, opensAfter(missing - others, now)));
    }

    /**
     * The same for a call for which nobody waits. It leaves room for those who wait: the first half of the limit is spent as it comes; what is free of the
     * other half is spread over the time until the next place opens; and the last place is taken only when another opens within two slots, a slot being
     * the window divided by the limit. So whoever does wait finds a place within two slots, unless others who wait have taken it.
     */
    long evenWaitNanos(int cost, double share, long now) {
        long wait = waitNanos(cost, share, now);
        int most = most(share);
        int free = most - used(now) - others(now);
        if (wait > 0 || free > most / 2 || used == 0) {
            return wait;
        }
        long opens = now + opensNanos(now);
        long spread = lastBegan + (opens - lastBegan) / (free + 1) * Math.min(cost, free + 1);
        return Math.max(0, (cost < free ? spread : Math.max(spread, opens - 2 * window / most)) - now);
    }

    private int most(double share) {
        return Math.max(1, (int) (allowed * share));
    }

    /** How long at least until so many of our own calls are out of the window; for ever when there are not as many. */
    private long opensAfter(int calls, long now) {
        int gone = 0;
        for (int i = 0; i < slots && calls > 0; i++) {
            int slot = (first + i) % MOST_SLOTS;
            gone += counts[slot];
            if (gone >= calls) {
                return lasts[slot] + window - now;
            }
        }
        if (calls <= 0) {
            return 0;
        }
        return gone + leaving >= calls ? window : Long.MAX_VALUE;
    }

    /** What a call means for this limit: it is told when the call leaves, and with it, its answer's word on the limit is understood. */
    static final class Mark {

        private final SlidingLog log;
        private final int cost;
        /** How many calls were in the window, this one included. */
        private final int used;
        /** How many had ever begun. */
        private final long total;

        private boolean left;

        private Mark(SlidingLog log, int cost) {
            this.log = log;
            this.cost = cost;
            this.used = log.used;
            this.total = log.total;
        }

        SlidingLog log() {
            return log;
        }

        /** The call leaves, if it has not left before. */
        void leaves(long now) {
            if (!left) {
                left = true;
                log.leaves(cost, now);
            }
        }
    }

    /** A call begins, and will leave as soon as there is a connection. */
    Mark begin(int cost, long now) {
        used(now);
        lastBegan = now;
        leaving += cost;
        used += cost;
        total += cost;
        return new Mark(this, cost);
    }

    /** A call leaves at once. */
    void note(int cost, long now) {
        begin(cost, now).leaves(now);
    }

    private void leaves(int cost, long now) {
        used(now);
        leaving -= cost;
        if (slots == 0 || now - slotBegan >= grain) {
            slotBegan = now;
            counts[(first + slots) % MOST_SLOTS] = 0;
            slots++;
        }
        int slot = (first + slots - 1) % MOST_SLOTS;
        lasts[slot] = now;
        counts[slot] += cost;
    }

    /**
     * An answer has told how many more calls the CRM would take. If it counts more than all calls of ours that may have reached it until then, others use
     * the account as well; then, to be on the safe side, it is taken to count none of ours that left after the answered one.
     *
     * @param told how many calls the CRM takes in a window: it may take less from us than it publishes, and never is taken to take more; what it does not
     *     publish is what it told last
     * @param resetNanos until all calls are there again, which is not later than a window from now, whatever is told; negative when that is not known
     */
    void told(Mark answered, int told, int remaining, long resetNanos, long now) {
        if (!isPublished && told != limit.calls()) {
            limit = new Limit(told, limit.window(), limit.bucket());
        }
        allowed = Math.min(limit.calls(), told);
        long counted = (long) told - remaining;
        long leftSince = total - answered.total;
        others = counted > answered.used + leftSince ? (int) (counted - answered.used) : 0;
        othersUntil = now + Math.min(window, resetNanos >= 0 ? resetNanos : MOST_BELIEVED_NANOS);
    }

    /** How many calls may leave now. */
    int remaining(double share, long now) {
        return Math.max(0, most(share) - used(now) - others(now));
    }

    /** How long at least until another call is out of the window, in nanoseconds; 0 when none is in it. */
    long opensNanos(long now) {
        if (used(now) == 0) {
            return 0;
        }
        return slots == 0 ? window : lasts[first] + window - now;
    }

    /** The calls in the window: of each slot, when its last one left, and how many there were; the oldest first, and what has yet to leave last. */
    void forEach(SlotReader reader, long now) {
        used(now);
        for (int i = 0; i < slots; i++) {
            int slot = (first + i) % MOST_SLOTS;
            reader.read(lasts[slot], counts[slot]);
        }
        if (leaving > 0) {
            reader.read(now, leaving);
        }
    }

    /** As how many calls those may count that leave between two times at which calls are kept. */
    int ahead() {
        if (isLongerThan(LONGEST_AHEAD)) {
            return 0;
        }
        return limit.window().compareTo(LEAST_DIVIDED) < 0
                ? limit.calls()
                : Math.min(limit.calls(), Math.max(LEAST_AHEAD, limit.calls() / AHEAD_PART));
    }

    /** Whether half of those have left, so that calls must be kept now. */
    boolean isAhead() {
        int ahead = ahead();
        return 0 < ahead && ahead < limit.calls() && 2 * (total - kept) >= ahead;
    }

    /** The calls that have left until now are kept. */
    void keep() {
        kept = total;
    }

    /** Is told of a slot. */
    interface SlotReader {
        void read(long last, int calls);
    }

    private int others(long now) {
        return now < othersUntil ? others : 0;
    }

    /** How many calls are in the window. */
    int used(long now) {
        while (slots > 0 && lasts[first] + window <= now) {
            used -= counts[first];
            first = (first + 1) % MOST_SLOTS;
            slots--;
        }
        return used;
    }
}
