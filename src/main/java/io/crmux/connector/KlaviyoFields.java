package io.crmux.connector;

import io.crmux.crm.Field;
import io.crmux.crm.FieldType;
import io.crmux.crm.Value;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The attributes of Klaviyo's profiles: some standard ones, those of a place ({@code location+city}), and properties of any name and type. */
final class KlaviyoFields {

    private static final String PLACE = "location+";
    private static final List<String> STANDARD = List.of(
            "email",
            "phone_number",
            "external_id",
            "first_name",
            "last_name",
            "organization",
            "title",
            "image",
            "locale");
    private static final List<String> PLACES =
            List.of("address1", "address2", "city", "region", "country", "zip", "timezone", "latitude", "longitude");

    private KlaviyoFields() {}

    static List<Field> standard() {
        return Stream.concat(STANDARD.stream(), PLACES.stream().map(PLACE::concat))
                .map(id -> Field.of(id, words(id), FieldType.TEXT, "Standard fields"))
                .toList();
    }

    private static String words(String id) {
        String words = id.replaceAll("[_+]", " ");
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /** The properties that a profile has, with the types that their values have here. */
    static List<Field> own(JsonObject attributes) {
        return attributes.getValue("properties") instanceof JsonObject properties
                ? properties.stream()
                        .map(each -> Field.of(each.getKey(), each.getKey(), type(each.getValue()), "Custom properties"))
                        .toList()
                : List.of();
    }

    private static FieldType type(@Nullable Object value) {
        if (value instanceof Number) {
            return FieldType.NUMBER;
        }
        if (value instanceof Boolean) {
            return FieldType.CHECKBOX;
        }
        return value instanceof JsonArray ? FieldType.MULTISELECT : FieldType.TEXT;
    }

    static Map<String, Value> read(JsonObject attributes) {
        Map<String, Value> fields = new LinkedHashMap<>();
        STANDARD.forEach(id -> put(fields, id, attributes.getValue(id)));
        if (attributes.getValue("location") instanceof JsonObject location) {
            PLACES.forEach(part -> put(fields, PLACE + part, location.getValue(part)));
        }
        if (attributes.getValue("properties") instanceof JsonObject properties) {
            properties.forEach(each -> put(fields, each.getKey(), each.getValue()));
        }
        return fields;
    }

    private static void put(Map<String, Value> fields, String id, @Nullable Object value) {
        if (value instanceof Number number) {
            fields.put(id, new Value.Num(new BigDecimal(number.toString())));
        } else if (value instanceof Boolean on) {
            fields.put(id, new Value.Flag(on));
        } else if (value instanceof JsonArray chosen) {
            fields.put(
                    id, new Value.Choices(chosen.stream().map(String::valueOf).toList()));
        } else if (value != null && !value.toString().isEmpty()) {
            fields.put(id, Value.text(value.toString()));
        }
    }

    /** Null clears. A dollar before a standard name is a habit of older maps. */
    static JsonObject write(Map<String, Value> fields) {
        JsonObject attributes = new JsonObject();
        JsonObject location = new JsonObject();
        JsonObject properties = new JsonObject();
        fields.forEach((id, value) -> {
            String name = id.startsWith("$") ? id.substring(1) : id;
            if (STANDARD.contains(name)) {
                attributes.put(name, value instanceof Value.Cleared ? null : value.asText());
            } else if (name.startsWith(PLACE)) {
                location.put(name.substring(PLACE.length()), value instanceof Value.Cleared ? null : value.asText());
            } else {
                properties.put(id, json(value));
            }
        });
        if (!location.isEmpty()) {
            attributes.put("location", location);
        }
        return properties.isEmpty() ? attributes : attributes.put("properties", properties);
    }

    private static @Nullable Object json(Value value) {
        if (value instanceof Value.Num number) {
            return number.number();
        }
        if (value instanceof Value.Flag flag) {
            return flag.on();
        }
        if (value instanceof Value.Choices choices) {
            return new JsonArray(choices.chosen());
        }
        return value instanceof Value.Cleared ? null : value.asText();
    }
}
