package io.crmux.connector;

import io.crmux.crm.Batch;
import io.crmux.crm.CrmException;
import io.crmux.crm.Json;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A field with several choices, which are a contact's tags. Their set is read, changed and written as a whole: one text, with semicolons in between.
 *
 * @param value how a tag is told in the field
 */
record TagField(String name, Function<Tag, String> value) {

    private static final String BETWEEN = ";";

    /** The choices in a field's text; what stands before the first semicolon may be nothing. */
    static List<String> split(String text) {
        return Arrays.stream(text.split(BETWEEN))
                .filter(choice -> !choice.isEmpty())
                .toList();
    }

    static String join(Value.Choices choices) {
        return String.join(BETWEEN, choices.chosen());
    }

    /** Who has nothing chosen has the field as null; a contact that comes without it was not answered as asked. */
    Set<String> chosen(JsonObject fields) {
        if (!fields.containsKey(name)) {
            throw CrmException.unavailable("the contact came without the field " + name, 200);
        }
        String text = Json.textOrNull(fields, name);
        return new LinkedHashSet<>(text == null ? List.of() : split(text));
    }

    /** A semicolon would make several of one. */
    boolean canHold(Set<Tag> tags) {
        return tags.stream().map(value).noneMatch(each -> each.contains(BETWEEN));
    }

    /**
     * The fields to write so that tags change, too.
     *
     * @param chosen what the field has now
     */
    Map<String, Value> changed(Set<String> chosen, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
        if (remove.isEmpty() && apply.isEmpty()) {
            return fields;
        }
        if (!canHold(apply)) {
            throw CrmException.of(CrmException.Kind.INVALID, "a choice of a field has no semicolon", null);
        }
        Set<String> after = new LinkedHashSet<>(chosen);
        remove.forEach(tag -> after.remove(value.apply(tag)));
        apply.forEach(tag -> after.add(value.apply(tag)));
        Map<String, Value> changed = new LinkedHashMap<>(fields);
        changed.put(name, new Value.Choices(List.copyOf(after)));
        return changed;
    }

    /**
     * The fields to write for each contact of some batches. Who was not found is left out.
     *
     * @param id of a batch's contact
     * @param found what the field has now, by the contact's id
     */
    Map<String, Map<String, Value>> changed(
            List<Batch> batches, Function<Batch, String> id, Map<String, Set<String>> found) {
        Map<String, Map<String, Value>> changed = new LinkedHashMap<>();
        batches.forEach(batch -> {
            Set<String> chosen = found.get(id.apply(batch));
            if (chosen != null) {
                changed.put(id.apply(batch), changed(chosen, batch.fields(), batch.remove(), batch.apply()));
            }
        });
        return changed;
    }
}
