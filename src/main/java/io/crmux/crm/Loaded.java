package io.crmux.crm;

import java.util.Map;

/**
 * A contact and its fields.
 *
 * @param contact with its id, and its address where it has one
 * @param fields by the CRM's own field ids; empty fields are left out
 */
public record Loaded(Contact contact, Map<String, Value> fields) {

    public Loaded {
        fields = Map.copyOf(fields);
    }
}
