package io.crmux.store;

/**
 * An address that is known to be a contact's.
 *
 * @param emailKey the address, normalised
 * @param learned milliseconds since 1970
 */
public record Alias(String emailKey, String contactId, long learned) {}
