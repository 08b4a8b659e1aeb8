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

    public static Limit of(int calls, Duration window) {
        return new Limit(calls, window, ORDINARY);
    }
}
