package io.crmux.store;

/** A change with how far it has come. */
public record StoredChange(Change change, Progress progress) {

    /** A change with which nothing has happened since it was accepted. */
    static StoredChange untouched(Change change) {
        long accepted = change.accepted().accepted();
        return new StoredChange(change, new Progress(change.seq(), ChangeState.QUEUED, 0, accepted, null, null, false));
    }
}
