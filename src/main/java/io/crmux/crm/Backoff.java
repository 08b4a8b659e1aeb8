package io.crmux.crm;

import java.util.random.RandomGenerator;

/**
 * How long what has failed waits before it is tried again: twice as long after each failure.
 *
 * @param firstMillis the wait after the first failure
 * @param longestMillis the longest wait
 */
public record Backoff(long firstMillis, long longestMillis) {

    /** So that no wait overflows: long before, it is the longest. */
    private static final int MOST_DOUBLINGS = 30;

    /**
     * The wait, in milliseconds.
     *
     * @param before how often in a row it has failed before
     */
    public long millis(int before) {
        return Math.min(longestMillis, firstMillis << Math.min(MOST_DOUBLINGS, before));
    }

    /** Full jitter: anything up to that wait, so that what failed together does not come back together. */
    public long jittered(int before, RandomGenerator random) {
        return random.nextLong(millis(before)) + 1;
    }
}
