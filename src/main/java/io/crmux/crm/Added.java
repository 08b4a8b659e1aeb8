package io.crmux.crm;

/**
 * What became of {@link Crm#addContact}.
 *
 * @param id the contact's id
 */
public record Added(String id, How how) {

    /** Whether the contact is new. */
    public enum How {
        CREATED,
        EXISTED,
        /** The CRM's call updates or creates and does not tell which. */
        CANNOT_TELL
    }
}
