package io.crmux.gateway;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of adding a contact.
 *
 * @param id null when the CRM did not answer in time: the addition is accepted, and goes on
 * @param created whether it is certainly new
 * @param dropped keys that no field is mapped to
 * @param notMirrored the connections that mirror this one and do not get this write
 * @param fate when it is decided; a dead one says why the CRM refused
 */
public record AddedContact(
        String operation,
        @Nullable String id,
        boolean created,
        List<String> dropped,
        List<String> notMirrored,
        @Nullable Fate fate) {}
