package io.crmux.store;

import org.jspecify.annotations.Nullable;

/**
 * Where a mirrored write was accepted.
 *
 * @param connection its name
 * @param contactId the contact's id there, if known at acceptance: its address can be asked for by it
 */
public record Origin(String connection, @Nullable String contactId) {}
