package io.crmux.connector;

import io.crmux.crm.Contact;
import io.crmux.crm.CrmException;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Ids of Salesforce's records: 15 characters whose case matters, or 18 of which the last three tell the case of the others. Both name one record; ours are
 * always the long ones.
 */
final class SalesforceId {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?");
    private static final int SHORT = 15;
    private static final int GROUP = 5;
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

    private SalesforceId() {}

    static boolean is(String id) {
        return FORM.matcher(id).matches();
    }

    /** The long form; empty when it is no id at all. */
    static Optional<String> full(String id) {
        return is(id) ? Optional.of(id.length() == SHORT ? id + suffix(id) : id) : Optional.empty();
    }

    /** A character for each five: a bit for each that is in upper case, the first one lowest. */
    private static String suffix(String id) {
        StringBuilder suffix = new StringBuilder();
        for (int from = 0; from < SHORT; from += GROUP) {
            int bits = 0;
            for (int i = 0; i < GROUP; i++) {
                bits |= Character.isUpperCase(id.charAt(from + i)) ? 1 << i : 0;
            }
            suffix.append(DIGITS.charAt(bits));
        }
        return suffix.toString();
    }

    /** Whoever is asked for by something else than an id is nobody. */
    static Future<String> of(Contact contact) {
        return full(contact.requireId())
                .map(Future::succeededFuture)
                .orElseGet(() -> Future.failedFuture(CrmException.notFound("no record has such an id")));
    }

    /** Ids in the form in which they were given, by their long form; what is no id is left out. */
    static Map<String, String> byFull(Collection<String> given) {
        Map<String, String> byFull = new LinkedHashMap<>();
        given.forEach(id -> full(id).ifPresent(full -> byFull.put(full, id)));
        return byFull;
    }
}
