package io.crmux.crm;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Changes of one contact, merged, that are delivered together: creation or fields, then removals, applications, events. A deletion is a batch of
 * its own.
 *
 * @param id distinguishes the batches of one process
 * @param create the contact is to be created with {@code fields}
 * @param delete the contact is to be deleted, and nothing else
 * @param fields by the CRM's own field ids
 * @param remove disjoint from {@code apply}
 * @param events in order
 */
public record Batch(
        long id,
        Contact contact,
        boolean create,
        boolean delete,
        Map<String, Value> fields,
        Set<Tag> remove,
        Set<Tag> apply,
        List<Event> events) {}
