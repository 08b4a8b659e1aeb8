package io.crmux.crm;

import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/** A CRM that takes one tag and many contacts in a call. Deliveries of several contacts make use of it. */
public interface BulkTagging {

    /** How many contacts one call takes. */
    int mostContacts();

    /**
     * Applies a tag to contacts, in one call; those that have it already are no failure.
     *
     * @param ids at most {@link #mostContacts()}, and at least one
     * @return those of the ids that the CRM has no contact for
     */
    Future<Set<String>> applyTag(Call call, Tag tag, List<String> ids);

    /** Takes a tag from contacts, likewise. */
    Future<Set<String>> removeTag(Call call, Tag tag, List<String> ids);
}
