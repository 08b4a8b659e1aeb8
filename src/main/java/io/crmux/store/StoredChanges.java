package io.crmux.store;

import org.jspecify.annotations.Nullable;

/**
 * Changes as they are stored, in order of acceptance. A hundred thousand may wait at a start, when there is much else to do: of those that only wait it
 * is told whose they are, and the whole change is made when it is asked for. To be asked by one thread.
 */
public interface StoredChanges {

    int size();

    /**
     * Whether a change was accepted here, gives its contact no other address, does not delete it, and has done nothing but wait: then it is enough to know
     * whose it is to lay it on, and what follows.
     */
    boolean isDeferred(int index);

    /** Whether a deferred change is a creation. */
    boolean isCreation(int index);

    /** Whether a deferred change may tell the address that its contact had at acceptance, as those do that send all fields. */
    boolean tellsAddress(int index);

    /** The contact's id of a deferred change; null when it was not known at acceptance: then the address was. */
    @Nullable
    String contactId(int index);

    /** The contact's address as the site wrote it, of a deferred change; null when it was not known at acceptance. */
    @Nullable
    String email(int index);

    /** The whole change; made anew each time where it is deferred. */
    StoredChange get(int index);

    /** The number of the last one. */
    long lastSeq();
}
