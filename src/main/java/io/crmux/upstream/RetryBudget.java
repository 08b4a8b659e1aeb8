package io.crmux.upstream;

/** How many calls of an account may be repeated: one for every five, and ten beforehand, so that repeating never multiplies an outage. */
final class RetryBudget {

    private static final double MOST = 10;
    private static final double PER_CALL = 0.2;

    private double left = MOST;

    /** A call leaves for the first time. */
    void earn() {
        left = Math.min(MOST, left + PER_CALL);
    }

    boolean hasLeft() {
        return left >= 1;
    }

    /** A call is repeated. */
    void spend() {
        left--;
    }
}
