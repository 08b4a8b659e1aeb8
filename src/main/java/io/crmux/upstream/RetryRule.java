package io.crmux.upstream;

import io.crmux.crm.CrmException;
import io.crmux.crm.Lane;
import java.util.random.RandomGenerator;

/**
 * Whether a call is to be repeated: one pure function of what was asked, what happened and what went before.
 *
 * <p>What certainly was not sent may be sent again. What was sent and not answered may be repeated when repeating does no harm. Writes are repeated here
 * only once, since the core, which knows what they are for, tries them again in its own time.
 */
final class RetryRule {

    private static final int READ_RETRIES = 2;
    private static final int WRITE_RETRIES = 1;
    private static final long FIRST_BACKOFF_MILLIS = 200;

    private RetryRule() {}

    /**
     * What to do, and why, in words.
     *
     * @param delayMillis negative when the call is not repeated
     */
    record Decision(long delayMillis, String why) {

        boolean again() {
            return delayMillis >= 0;
        }

        private static Decision stop(String why) {
            return new Decision(-1, why);
        }
    }

    /**
     * Decides.
     *
     * @param attempts how often it was sent, the last time included
     * @param leftMillis until nobody wants the answer any more
     * @param affordable whether the account may repeat another call
     */
    static Decision decide(
            boolean repeatable,
            CrmException failure,
            int attempts,
            Lane lane,
            long leftMillis,
            boolean affordable,
            RandomGenerator random) {
        switch (failure.kind()) {
            case UNAVAILABLE, TIMEOUT, RATE_LIMITED -> {}
            default -> {
                return Decision.stop("repeating it would not help");
            }
        }
        int most = lane == Lane.WRITE ? WRITE_RETRIES : READ_RETRIES;
        if (attempts > most) {
            return Decision.stop("repeated often enough");
        }
        if (failure.sent() && failure.kind() != CrmException.Kind.RATE_LIMITED && !repeatable) {
            return Decision.stop("it may have arrived, and must not arrive twice");
        }
        if (!affordable) {
            return Decision.stop("too many calls are repeated already");
        }
        Long wait = failure.waitMillis();
        long backoff = random.nextLong(FIRST_BACKOFF_MILLIS << attempts) + 1;
        long delay = Math.max(wait == null ? 0 : wait, backoff);
        return delay >= leftMillis
                ? Decision.stop("the wait would be longer than the time that is left")
                : new Decision(delay, "the CRM may answer the next time");
    }
}
