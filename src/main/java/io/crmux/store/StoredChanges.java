package io.crmux.store;

import org.jspecify.annotations.Nullable;

/**
 * Changes as they are stored, in order of acceptance. A hundred thousand may wait at a start, when there is much else to do: of those that only wait it
 * is told whose they are, and the whole change is made when it is asked for.
 */
public interface StoredChanges {

    int size();

    /**
     * Whether a change is one of tags that was accepted here, of a contact whose id was known then, and has done nothing but wait: that is enough to lay
     * it on.
     */
    boolean isDeferred(int index);

    /** The contact's id of a deferred change. */
    String contactId(int index);

    /** The contact's address as the site wrote it, of a deferred change; null when it was not known at acceptance. */
    @Nullable
    String email(int index);

    /** The whole change; made anew each time where it is deferred. */
    StoredChange get(int index);

    /** The number of the last one. */
    long lastSeq();
}
