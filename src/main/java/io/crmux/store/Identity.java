package io.crmux.store;

import java.util.Set;

/**
 * By what changes of a contact may have been accepted.
 *
 * @param contactIds its ids, former ones too
 * @param emailKeys its addresses, normalised
 */
public record Identity(Set<String> contactIds, Set<String> emailKeys) {

    /** No contact at all. */
    static final Identity NOBODY = new Identity(Set.of(), Set.of());

    public Identity {
        contactIds = Set.copyOf(contactIds);
        emailKeys = Set.copyOf(emailKeys);
    }
}
