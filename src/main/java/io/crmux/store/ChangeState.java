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

    /** Whether nothing more becomes of it by itself. */
    public boolean isEnd() {
        return switch (this) {
            case QUEUED, DELIVERING, ACCEPTED -> false;
            case DELIVERED, DEAD, DISCARDED, STAGED -> true;
        };
    }

    @Override
    public String toString() {
        return word;
    }
}
