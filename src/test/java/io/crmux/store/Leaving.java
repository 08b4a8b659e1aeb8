package io.crmux.store;

/** What the store does with changes under an id that is in use again, for models of it. */
public final class Leaving {

    private Leaving() {}

    /** A change as it is when this former id is in use again: one of its contact that is not settled goes by the present id. */
    public static StoredChange of(String connection, Rename former, StoredChange stored) {
        NewChange change = stored.change().accepted();
        boolean isOf =
                change.connection().equals(connection) && former.formerId().equals(change.contactId());
        if (!isOf || stored.progress().settled()) {
            return stored;
        }
        NewChange left = new NewChange(
                change.operation(),
                connection,
                former.contactId(),
                change.email(),
                change.body(),
                change.origin(),
                change.accepted());
        return new StoredChange(new Change(stored.change().seq(), left), stored.progress());
    }
}
