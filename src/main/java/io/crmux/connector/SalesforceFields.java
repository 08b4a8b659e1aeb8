package io.crmux.connector;

import io.crmux.crm.Field;
import io.crmux.crm.FieldType;
import io.crmux.crm.Json;
import io.crmux.crm.Value;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of Salesforce's records, as they describe themselves. Values have JSON's types; a choice of several is one text with semicolons. */
final class SalesforceFields {

    /** Made of other fields, or not for reading as a value. */
    private static final Set<String> COMPOUND = Set.of("address", "location", "base64", "complexvalue");

    private static final Set<String> TEXTS = Set.of("string", "textarea", "phone");
    private static final DateTimeFormatter WRITTEN =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    /** With {@code Z} as it is written, with {@code +0000} as it is answered, or with {@code +00:00}. */
    private static final DateTimeFormatter READ = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX][XX]");

    private SalesforceFields() {}

    /** @return the fields that hold a value of their own, by name */
    static Map<String, JsonObject> described(JsonObject description) {
        Map<String, JsonObject> fields = new LinkedHashMap<>();
        Json.objects(description, "fields")
                .filter(field -> !COMPOUND.contains(field.getString("type", "")))
                .forEach(field -> fields.put(Json.text(field, "name"), field));
        return fields;
    }

    static Field field(JsonObject described) {
        FieldType type = type(described);
        return new Field(
                Json.text(described, "name"),
                described.getString("label", Json.text(described, "name")),
                type,
                described.getBoolean("custom", false) ? "Custom fields" : "Standard fields",
                options(described).stream()
                        .map(option -> Json.text(option, "value"))
                        .toList(),
                described.getBoolean("updateable", false));
    }

    /** The values of a choice that may be chosen. */
    static List<JsonObject> options(JsonObject described) {
        return described.getValue("picklistValues") instanceof JsonArray
                ? Json.objects(described, "picklistValues")
                        .filter(option -> option.getBoolean("active", true))
                        .toList()
                : List.of();
    }

    /** Whether a record cannot be made without it, and any text will do. */
    static boolean isRequiredText(JsonObject described) {
        return TEXTS.contains(described.getString("type", ""))
                && Boolean.FALSE.equals(described.getValue("nillable"))
                && Boolean.FALSE.equals(described.getValue("defaultedOnCreate"))
                && Boolean.TRUE.equals(described.getValue("createable"));
    }

    private static FieldType type(JsonObject described) {
        return switch (described.getString("type", "")) {
            case "boolean" -> FieldType.CHECKBOX;
            case "int", "long", "double", "currency", "percent" -> FieldType.NUMBER;
            case "date" -> FieldType.DATE;
            case "datetime" -> FieldType.DATETIME;
            case "multipicklist" -> FieldType.MULTISELECT;
            default -> FieldType.TEXT;
        };
    }

    /** @param described the fields by name, for their types */
    static Map<String, Value> read(JsonObject held, Map<String, JsonObject> described) {
        Map<String, Value> fields = new LinkedHashMap<>();
        described.forEach((name, field) -> {
            String text = Json.textOrNull(held, name);
            if (text != null && !text.isEmpty()) {
                fields.put(name, value(text, type(field)));
            }
        });
        return fields;
    }

    private static Value value(String text, FieldType type) {
        try {
            return switch (type) {
                case NUMBER -> new Value.Num(new BigDecimal(text));
                case CHECKBOX -> new Value.Flag(Boolean.parseBoolean(text));
                case MULTISELECT -> new Value.Choices(TagField.split(text));
                case DATE -> new Value.Day(LocalDate.parse(text));
                case DATETIME -> new Value.Time(OffsetDateTime.parse(text, READ).toInstant());
                case TEXT, COUNTRY, STATE -> Value.text(text);
            };
        } catch (NumberFormatException | DateTimeParseException unlikeItsType) {
            return Value.text(text);
        }
    }

    static JsonObject write(Map<String, Value> fields) {
        JsonObject written = new JsonObject();
        fields.forEach((field, value) -> written.put(field, json(value)));
        return written;
    }

    private static @Nullable Object json(Value value) {
        if (value instanceof Value.Num number) {
            return number.number();
        }
        if (value instanceof Value.Flag flag) {
            return flag.on();
        }
        if (value instanceof Value.Time time) {
            return WRITTEN.format(time.instant());
        }
        if (value instanceof Value.Choices choices) {
            return TagField.join(choices);
        }
        return value instanceof Value.Cleared ? null : value.asText();
    }
}
