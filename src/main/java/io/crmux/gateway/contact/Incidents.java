package io.crmux.gateway.contact;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What few contacts have seen: apart from {@link ContactState}, since a hundred thousand contacts may wait, and nearly all have seen none of it. */
final class Incidents {

    /** Nothing has happened. Not to be changed. */
    static final Incidents NONE = new Incidents();

    @Nullable
    String formerId;

    @Nullable
    String lostId;

    @Nullable
    ContactState joined;

    /** The keys under which it is known; null when its address is the only one. */
    @Nullable
    List<String> emails;

    /** How many deletions wait. */
    int deletions;

    boolean wasLost;
    long hiddenUntil;
    long aloneUpTo;
    long urgentUpTo;

    /** Takes over the ids, the deletions and the times of another state of the same contact. */
    void absorb(Incidents other) {
        if (formerId == null) {
            formerId = other.formerId;
        }
        if (lostId == null) {
            lostId = other.lostId;
        }
        deletions += other.deletions;
        wasLost |= other.wasLost;
        hiddenUntil = Math.max(hiddenUntil, other.hiddenUntil);
        aloneUpTo = Math.max(aloneUpTo, other.aloneUpTo);
        urgentUpTo = Math.max(urgentUpTo, other.urgentUpTo);
    }
}
