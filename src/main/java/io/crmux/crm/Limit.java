package io.crmux.crm;

import java.time.Duration;

/**
 * A limit that a CRM puts on calls: so many in any sliding window.
 *
 * @param bucket which calls count: {@link #ORDINARY}, or a name that {@link Request#bucket} uses
 */
public record Limit(int calls, Duration window, String bucket) {

    /** The bucket of all calls that name no other. */
    public static final String ORDINARY = "ordinary";

    /** The bucket of all calls, whatever they name: for CRMs whose limit for certain paths comes on top of the account's. */
    public static final String EVERY = "every";

    public static Limit of(int calls, Duration window) {
        return new Limit(calls, window, ORDINARY);
    }
}
