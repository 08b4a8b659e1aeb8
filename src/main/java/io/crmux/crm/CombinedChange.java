package io.crmux.crm;

import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;

/**
 * A CRM that changes several things of a contact, such as fields and tags, with fewer calls than one for each. Deliveries make use of it; the changes of one
 * thing are made by it, too, unless a connector has better calls for them.
 */
public interface CombinedChange extends Crm {

    /**
     * Sets fields, then takes tags away, then applies tags.
     *
     * @param fields by the CRM's own field ids; may be empty
     * @param remove disjoint from {@code apply}; may be empty
     * @param apply may be empty, but not all three are
     * @return the contact, with its new id or address if they changed
     */
    Future<Contact> change(Call call, Contact contact, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply);

    @Override
    default Future<Contact> updateContact(Call call, Contact contact, Map<String, Value> fields) {
        return change(call, contact, fields, Set.of(), Set.of());
    }

    @Override
    default Future<Void> applyTags(Call call, Contact contact, Set<Tag> tags) {
        return change(call, contact, Map.of(), Set.of(), tags).mapEmpty();
    }

    @Override
    default Future<Void> removeTags(Call call, Contact contact, Set<Tag> tags) {
        return change(call, contact, Map.of(), tags, Set.of()).mapEmpty();
    }
}
