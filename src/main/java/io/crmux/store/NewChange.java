package io.crmux.store;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A change that is to be accepted: of one contact, or of none where a tag is to be created.
 *
 * @param operation the id by which its fate is asked for; changes that belong to one operation share it, also those that mirrors get of it
 * @param contactId the contact's id, if known at acceptance
 * @param email the contact's address as the site wrote it, if known at acceptance
 * @param origin where the write was accepted, if this change mirrors it; null when it was accepted here
 * @param accepted milliseconds since 1970
 */
public record NewChange(
        UUID operation,
        String connection,
        @Nullable String contactId,
        @Nullable String email,
        ChangeBody body,
        @Nullable Origin origin,
        long accepted) {

    /** A change that mirrors none. */
    public NewChange(
            UUID operation,
            String connection,
            @Nullable String contactId,
            @Nullable String email,
            ChangeBody body,
            long accepted) {
        this(operation, connection, contactId, email, body, null, accepted);
    }
}
