package io.crmux.connector;

import io.crmux.crm.Field;
import io.crmux.crm.FieldType;
import io.crmux.crm.Json;
import io.crmux.crm.Value;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The properties of HubSpot's contacts. All values travel as texts; a day is one, or the milliseconds of its midnight in UTC. */
final class HubSpotFields {

    private HubSpotFields() {}

    static Field described(JsonObject property) {
        List<String> options = property.getValue("options") instanceof JsonArray
                ? Json.objects(property, "options")
                        .map(option -> Json.text(option, "value"))
                        .toList()
                : List.of();
        boolean readOnly = property.getValue("modificationMetadata") instanceof JsonObject metadata
                && metadata.getBoolean("readOnlyValue", false);
        FieldType type = type(property);
        return new Field(
                Json.text(property, "name"),
                property.getString("label", Json.text(property, "name")),
                type,
                property.getBoolean("hubspotDefined", false) ? "Standard fields" : "Custom fields",
                type == FieldType.CHECKBOX ? List.of() : options,
                !readOnly);
    }

    private static FieldType type(JsonObject property) {
        return switch (property.getString("type", "")) {
            case "number" -> FieldType.NUMBER;
            case "date" -> FieldType.DATE;
            case "datetime" -> FieldType.DATETIME;
            case "bool" -> FieldType.CHECKBOX;
            case "enumeration" ->
                switch (property.getString("fieldType", "")) {
                    case "booleancheckbox" -> FieldType.CHECKBOX;
                    case "checkbox" -> FieldType.MULTISELECT;
                    default -> FieldType.TEXT;
                };
            default -> FieldType.TEXT;
        };
    }

    /** @param described the properties by name, for their types */
    static Map<String, Value> read(JsonObject properties, Map<String, JsonObject> described) {
        Map<String, Value> fields = new LinkedHashMap<>();
        properties.fieldNames().forEach(name -> {
            String text = Json.textOrNull(properties, name);
            JsonObject property = described.get(name);
            if (text != null && !text.isEmpty() && property != null) {
                fields.put(name, value(text, type(property)));
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
                case DATE -> new Value.Day(day(text));
                case DATETIME -> new Value.Time(time(text));
                case TEXT, COUNTRY, STATE -> Value.text(text);
            };
        } catch (NumberFormatException | DateTimeParseException unlikeItsType) {
            return Value.text(text);
        }
    }

    private static LocalDate day(String text) {
        return text.contains("-") && text.length() == 10
                ? LocalDate.parse(text)
                : LocalDate.ofInstant(time(text), ZoneOffset.UTC);
    }

    private static Instant time(String text) {
        return text.matches("-?\\d+") ? Instant.ofEpochMilli(Long.parseLong(text)) : Instant.parse(text);
    }

    static JsonObject write(Map<String, Value> fields) {
        JsonObject properties = new JsonObject();
        fields.forEach((field, value) -> properties.put(
                field, value instanceof Value.Choices choices ? TagField.join(choices) : value.asText()));
        return properties;
    }
}
