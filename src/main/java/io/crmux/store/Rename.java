package io.crmux.store;

/**
 * A contact that has another id than it had; one that is its own says that the former id is in use again, as another contact's.
 *
 * @param formerId the id that sites may still use
 * @param contactId the id that it has now
 * @param learned milliseconds since 1970
 */
public record Rename(String formerId, String contactId, long learned) {

    /** Whether the id is another contact's than the one that had it. */
    public boolean isInUseAgain() {
        return formerId.equals(contactId);
    }
}
