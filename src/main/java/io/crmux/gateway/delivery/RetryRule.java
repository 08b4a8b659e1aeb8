package io.crmux.gateway.delivery;

import io.crmux.crm.Backoff;
import io.crmux.crm.CrmException;
import java.util.random.RandomGenerator;

/** What to do about a batch that failed: one pure function, which gives its reason in words. */
final class RetryRule {

    private static final Backoff BACKOFF = new Backoff(1_000, 300_000);
    private static final long PROBE_MILLIS = 60_000;
    /** How long after its acceptance a contact that is not found may still appear, beside the CRM's settling time. */
    private static final long APPEARANCE_MILLIS = 60_000;

    private RetryRule() {}

    /** What to do. */
    sealed interface Decision {

        /** In words, for the log and for whoever asks for the fate. */
        String why();
    }

    /** Try again after so many milliseconds. */
    record Again(long millis, String why) implements Decision {}

    /** Send the changes one by one, to find the one that is refused. */
    record OneByOne(String why) implements Decision {}

    /**
     * Never try again.
     *
     * @param type as in the API's problems
     */
    record GiveUp(String type, String why) implements Decision {}

    /**
     * What went before.
     *
     * @param inARow how often in a row the contact's delivery has failed for now, this time not counted
     * @param ageMillis since the acceptance of the batch's first change
     * @param findable whether there is an address by which the contact may be found again
     * @param isNewlyLost whether it was sent by an id that the CRM had known: nobody has looked for the contact's present one
     * @param changes how many went together
     */
    record Past(int inARow, long ageMillis, boolean findable, boolean isNewlyLost, int changes) {}

    static Decision decide(
            CrmException failure, Past past, long keepMillis, long settlingMillis, RandomGenerator random) {
        return switch (failure.kind()) {
            case UNAVAILABLE, RATE_LIMITED, TIMEOUT ->
                past.ageMillis() > keepMillis
                        ? new GiveUp(
                                "expired", "not delivered in the time for which changes are kept: " + failure.words())
                        : new Again(
                                Math.max(BACKOFF.jittered(past.inARow(), random), waited(failure)), failure.words());
            case UNAUTHORIZED ->
                past.ageMillis() > keepMillis
                        ? new GiveUp("expired", "the CRM rejects our credentials: " + failure.words())
                        : new Again(PROBE_MILLIS, "the CRM rejects our credentials: " + failure.words());
            case NOT_FOUND ->
                past.findable() && (past.isNewlyLost() || past.ageMillis() < APPEARANCE_MILLIS + settlingMillis)
                        ? new Again(BACKOFF.jittered(past.inARow(), random), "the CRM does not know the contact yet")
                        : new GiveUp("contact-not-found", failure.words());
            case DUPLICATE -> refused("duplicate", failure, past);
            case INVALID, MALFORMED -> refused("invalid", failure, past);
            case UNSUPPORTED -> refused("unsupported", failure, past);
        };
    }

    private static Decision refused(String type, CrmException failure, Past past) {
        return past.changes() > 1
                ? new OneByOne("the CRM refuses one of " + past.changes() + " changes: " + failure.words())
                : new GiveUp(type, failure.words());
    }

    private static long waited(CrmException failure) {
        Long wait = failure.waitMillis();
        return wait == null ? 0 : wait;
    }
}
