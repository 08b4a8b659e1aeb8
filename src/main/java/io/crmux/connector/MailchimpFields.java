package io.crmux.connector;

import io.crmux.crm.Field;
import io.crmux.crm.FieldType;
import io.crmux.crm.Json;
import io.crmux.crm.Value;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The merge fields of Mailchimp. An address is one field with parts, which are fields of their own here: {@code ADDRESS+city}. It is only taken when street,
 * city, state and zip are there.
 */
final class MailchimpFields {

    private static final List<String> PARTS = List.of("addr1", "addr2", "city", "state", "zip", "country");
    private static final List<String> NEEDED = List.of("addr1", "city", "state", "zip");
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("MM/dd/yyyy", Locale.ROOT);
    private static final DateTimeFormatter BIRTHDAY = DateTimeFormatter.ofPattern("MM/dd", Locale.ROOT);

    private MailchimpFields() {}

    /** The fields that one merge field is. */
    static List<Field> described(JsonObject merge) {
        String tag = Json.text(merge, "tag");
        String name = Json.text(merge, "name");
        String group = "Merge fields";
        return switch (Json.text(merge, "type")) {
            case "address" ->
                PARTS.stream()
                        .map(part -> Field.of(tag + "+" + part, name + ": " + part, FieldType.TEXT, group))
                        .toList();
            case "number" -> List.of(Field.of(tag, name, FieldType.NUMBER, group));
            case "date" -> List.of(Field.of(tag, name, FieldType.DATE, group));
            case "radio", "dropdown" ->
                List.of(new Field(
                        tag,
                        name,
                        FieldType.TEXT,
                        group,
                        merge.getValue("options") instanceof JsonObject options && options.containsKey("choices")
                                ? Json.array(options, "choices").stream()
                                        .map(String::valueOf)
                                        .toList()
                                : List.of(),
                        true));
            default -> List.of(Field.of(tag, name, FieldType.TEXT, group));
        };
    }

    /** The values of a member; empty ones are left out. */
    static Map<String, Value> read(JsonObject merges) {
        Map<String, Value> fields = new LinkedHashMap<>();
        merges.forEach(merge -> {
            if (merge.getValue() instanceof JsonObject address) {
                address.forEach(part -> put(fields, merge.getKey() + "+" + part.getKey(), part.getValue()));
            } else {
                put(fields, merge.getKey(), merge.getValue());
            }
        });
        return fields;
    }

    private static void put(Map<String, Value> fields, String field, Object value) {
        if (value instanceof Number number) {
            fields.put(field, new Value.Num(new BigDecimal(number.toString())));
        } else if (value instanceof String text && !text.isEmpty()) {
            fields.put(field, Value.text(text));
        }
    }

    static boolean hasAddress(Map<String, Value> fields) {
        return fields.keySet().stream().anyMatch(field -> field.contains("+"));
    }

    static boolean hasDay(Map<String, Value> fields) {
        return fields.values().stream().anyMatch(Value.Day.class::isInstance);
    }

    /**
     * The member's merge fields as they go on the wire. An address that is still not whole is left out, since the CRM would refuse everything else with it.
     *
     * @param before the merge fields that the member has, for the parts of an address that stay
     * @param described all merge fields of the audience; may be empty where no field is a day
     */
    static JsonObject write(Map<String, Value> fields, JsonObject before, List<JsonObject> described) {
        JsonObject wire = new JsonObject();
        Map<String, JsonObject> addresses = new LinkedHashMap<>();
        fields.forEach((field, value) -> {
            int plus = field.indexOf('+');
            if (plus >= 0) {
                addresses
                        .computeIfAbsent(field.substring(0, plus), address -> parts(before, address))
                        .put(field.substring(plus + 1), value.asText());
            } else if (!field.equals("email_address")) {
                wire.put(field, wire(field, value, described));
            }
        });
        addresses.forEach((field, address) -> {
            if (has(address, NEEDED.stream())) {
                wire.put(field, address);
            } else if (PARTS.stream().noneMatch(part -> has(address, Stream.of(part)))) {
                wire.put(field, "");
            }
        });
        return wire;
    }

    private static JsonObject parts(JsonObject before, String address) {
        return before.getValue(address) instanceof JsonObject parts ? parts.copy() : new JsonObject();
    }

    private static boolean has(JsonObject address, Stream<String> parts) {
        return parts.allMatch(part -> !address.getString(part, "").isBlank());
    }

    /** Empty text clears. */
    private static Object wire(String field, Value value, List<JsonObject> described) {
        if (value instanceof Value.Num number) {
            return number.number();
        }
        if (value instanceof Value.Day day) {
            boolean birthday = described.stream()
                    .anyMatch(merge ->
                            field.equals(merge.getString("tag")) && "birthday".equals(merge.getString("type")));
            return day.day().format(birthday ? BIRTHDAY : DATE);
        }
        return value.asText();
    }
}
