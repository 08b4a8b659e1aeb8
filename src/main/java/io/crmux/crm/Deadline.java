package io.crmux.crm;

/**
 * When an answer is no longer of use.
 *
 * @param at on the clock of {@link Loop#nanos()}
 */
public record Deadline(long at) {

    /** A deadline so many milliseconds from now. */
    public static Deadline in(Loop loop, long millis) {
        return new Deadline(loop.nanos() + millis * 1_000_000);
    }

    /** What is left, in milliseconds; not positive when it has passed. */
    public long leftMillis(Loop loop) {
        return Math.floorDiv(at - loop.nanos(), 1_000_000L);
    }
}
