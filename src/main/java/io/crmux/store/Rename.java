package io.crmux.store;

/**
 * A contact that has another id than it had.
 *
 * @param formerId the id that sites may still use
 * @param contactId the id that it has now
 * @param learned milliseconds since 1970
 */
public record Rename(String formerId, String contactId, long learned) {}
