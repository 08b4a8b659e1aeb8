package io.crmux.crm;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** A CRM that looks many addresses up in one call. */
public interface BulkLookUp {

    /** How many addresses one call takes. */
    int mostAddresses();

    /**
     * Looks addresses up, in one call.
     *
     * @param emails at most {@link #mostAddresses()}, and at least one; no two equal ignoring case
     * @return by address, as it was asked for; those that nobody has are left out. Fails as a whole or not at all: an address that is left out is nobody's.
     *     After a failure that time does not heal, the addresses are asked for in halves, and in the end singly.
     */
    Future<Map<String, Contact>> getContactIds(Call call, List<String> emails);
}
