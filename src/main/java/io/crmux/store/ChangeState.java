package io.crmux.store;

import java.util.Locale;

/** How far a change is. {@code DELIVERING} is never stored: after a crash it is {@code QUEUED} again. */
public enum ChangeState {
    QUEUED,
    DELIVERING,
    /** The CRM has queued it. */
    ACCEPTED,
    DELIVERED,
    DEAD,
    DISCARDED,
    STAGED;

    private final String word = name().toLowerCase(Locale.ROOT);

    @Override
    public String toString() {
        return word;
    }
}
