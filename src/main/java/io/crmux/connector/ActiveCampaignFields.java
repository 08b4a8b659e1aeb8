package io.crmux.connector;

import io.crmux.crm.Json;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** ActiveCampaign's fields on the wire: the API spells the standard ones in camel case, the importer with underscores. */
final class ActiveCampaignFields {

    private ActiveCampaignFields() {}

    /** The fields of a contact; empty ones are left out. */
    static Map<String, Value> read(JsonObject json) {
        JsonObject contact = Json.object(json, "contact");
        Map<String, Value> fields = new LinkedHashMap<>();
        put(fields, "email", contact.getString("email"));
        put(fields, "first_name", contact.getString("firstName"));
        put(fields, "last_name", contact.getString("lastName"));
        put(fields, "phone", contact.getString("phone"));
        if (json.getValue("fieldValues") instanceof JsonArray) {
            Json.objects(json, "fieldValues")
                    .forEach(field -> put(fields, Json.text(field, "field"), field.getString("value")));
        }
        return fields;
    }

    /** Several options stand between double bars: {@code ||one||two||}. */
    private static void put(Map<String, Value> fields, String field, @Nullable String wire) {
        if (wire == null || wire.isEmpty()) {
            return;
        }
        fields.put(
                field,
                wire.length() > 3 && wire.startsWith("||") && wire.endsWith("||")
                        ? new Value.Choices(Arrays.asList(
                                wire.substring(2, wire.length() - 2).split("\\|\\|")))
                        : Value.text(wire));
    }

    /** As the API takes them. An empty date is refused, so it is left out. */
    static JsonObject write(Map<String, Value> fields) {
        JsonObject contact = new JsonObject();
        JsonArray custom = new JsonArray();
        fields.forEach((field, value) -> {
            String standard = standard(field);
            if (standard != null) {
                contact.put(standard, text(value));
            } else if (!text(value).isEmpty() || !(value instanceof Value.Day)) {
                custom.add(new JsonObject().put("field", custom(field)).put("value", text(value)));
            }
        });
        return new JsonObject().put("contact", custom.isEmpty() ? contact : contact.put("fieldValues", custom));
    }

    /** Whether the importer takes it. What it makes of an empty value is not published, and the address is what it knows a contact by. */
    static boolean isImported(String field, Value value) {
        return !text(value).isEmpty()
                && (standard(field) == null ? custom(field).matches("\\d{1,9}") : !field.equals("email"));
    }

    /** A contact as the importer takes it. What is left out stays as it is. */
    static JsonObject imported(String email, Map<String, Value> fields, Set<Tag> tags) {
        JsonObject contact = new JsonObject().put("email", email);
        JsonArray custom = new JsonArray();
        fields.forEach((field, value) -> {
            String standard = standard(field);
            if (standard == null) {
                custom.add(new JsonObject()
                        .put("id", Integer.valueOf(custom(field)))
                        .put("value", text(value)));
            } else {
                contact.put(standard.replace("Name", "_name"), text(value));
            }
        });
        JsonArray names = new JsonArray();
        tags.forEach(tag -> names.add(tag.name()));
        return contact.put("tags", names).put("fields", custom);
    }

    private static @Nullable String standard(String field) {
        return switch (field) {
            case "email", "phone" -> field;
            case "first_name", "firstName" -> "firstName";
            case "last_name", "lastName" -> "lastName";
            default -> null;
        };
    }

    /** A custom field is named by its number; older maps wrote {@code field[12,0]}. */
    private static String custom(String field) {
        return field.replaceAll("^field\\[(\\d+),\\d+]$", "$1");
    }

    private static String text(Value value) {
        if (value instanceof Value.Choices choices) {
            return choices.chosen().isEmpty() ? "" : "||" + String.join("||", choices.chosen()) + "||";
        }
        return value instanceof Value.Time time
                ? time.instant().toString().substring(0, 19).replace('T', ' ')
                : value.asText();
    }
}
