package io.crmux.crm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field that contacts have.
 *
 * @param id what {@link Crm#updateContact} takes as its key
 * @param name what a person reads
 * @param group "Standard fields", "Custom fields", or the CRM's own group
 * @param options what a choice allows; empty where anything goes
 * @param writable whether it can be set
 */
public record Field(
        String id, String name, FieldType type, @Nullable String group, List<String> options, boolean writable) {

    public Field {
        options = List.copyOf(options);
    }

    /** A writable field without options. */
    public static Field of(String id, String name, FieldType type, String group) {
        return new Field(id, name, type, group, List.of(), true);
    }
}
