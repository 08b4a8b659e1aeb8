package io.crmux.upstream;

/**
 * How much of a rate is used after the CRM has said that it was too much: a quarter less, at most once a second, and all of it again {@value
 * #BACK_NANOS} nanoseconds after the last refusal, with equal steps in between.
 */
final class LearnedRate {

    static final double FALL = 0.75;
    private static final long BACK_NANOS = 10_000_000_000L;
    private static final long FALL_EVERY_NANOS = 1_000_000_000L;

    private double low = 1;
    private long fellAt;
    private long refusedAt;

    /** The part that may be used now, up to 1. */
    double share(long now) {
        if (low == 1) {
            return 1;
        }
        double back = (double) (now - refusedAt) / BACK_NANOS;
        return back >= 1 ? 1 : low + (1 - low) * back;
    }

    /** Whether a refusal would make it fall now, and not only keep it low for longer. */
    boolean mayFall(long now) {
        return low == 1 || now - fellAt >= FALL_EVERY_NANOS;
    }

    /** The CRM has refused a call. */
    void refused(long now) {
        if (mayFall(now)) {
            fallTo(share(now) * FALL, now);
        } else {
            low = share(now);
            refusedAt = now;
        }
    }

    /** Falls to a certain part. */
    void fallTo(double share, long now) {
        low = share;
        fellAt = now;
        refusedAt = now;
    }

    /** How long it has been whole again, in nanoseconds; negative while it is not. */
    long wholeNanos(long now) {
        return now - refusedAt - BACK_NANOS;
    }
}
