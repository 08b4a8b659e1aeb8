package io.crmux.crm;

import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;

/** A CRM that changes several things of a contact, such as fields and tags, with fewer calls than one for each. Deliveries make use of it. */
public interface CombinedChange {

    /**
     * Sets fields, then takes tags away, then applies tags.
     *
     * @param fields by the CRM's own field ids; may be empty
     * @param remove disjoint from {@code apply}; may be empty
     * @param apply may be empty, but not all three are
     * @return the contact, with its new id or address if they changed
     */
    Future<Contact> change(Call call, Contact contact, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply);
}
