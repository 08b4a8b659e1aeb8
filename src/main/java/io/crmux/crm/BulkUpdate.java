package io.crmux.crm;

import io.vertx.core.Future;
import java.util.Map;

/** A CRM that sets fields of many contacts in a call. Deliveries of several contacts make use of it. */
public interface BulkUpdate {

    /** How many contacts one call takes. */
    int mostUpdates();

    /**
     * Sets fields of contacts, in one call; fields that are not named stay.
     *
     * @param fields by contact id, at most {@link #mostUpdates()}, and at least one
     * @return what went wrong, by contact id; the other contacts are updated
     */
    Future<Map<String, CrmException>> updateContacts(Call call, Map<String, Map<String, Value>> fields);
}
