package io.crmux.api;

import io.crmux.gateway.Address;
import io.crmux.gateway.ContactRef;

/** Reads how a path names a contact. */
final class Contacts {

    private static final String EMAIL = "email:";

    private Contacts() {}

    /** A contact's id, or {@code email:} and an address. */
    static ContactRef ref(String segment) {
        if (!segment.startsWith(EMAIL)) {
            return ContactRef.id(segment);
        }
        return ContactRef.email(Address.parse(segment.substring(EMAIL.length()))
                .orElseThrow(() -> Problem.malformed("what follows email: must be " + Address.RULE)
                        .failure()));
    }
}
