package io.crmux.store;

import org.jspecify.annotations.Nullable;

/**
 * A change that is to be accepted.
 *
 * @param operation the id by which its fate is asked for; changes that belong to one operation share it
 * @param contactId the contact's id, if known at acceptance
 * @param email the contact's address as the site wrote it, if known at acceptance
 * @param accepted milliseconds since 1970
 */
public record NewChange(
        String operation,
        String connection,
        @Nullable String contactId,
        @Nullable String email,
        ChangeBody body,
        long accepted) {}
