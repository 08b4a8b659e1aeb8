package io.crmux.connector;

import io.crmux.crm.Field;
import io.crmux.crm.FieldType;
import io.crmux.crm.Json;
import io.crmux.crm.Value;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Fields of Keap's contacts. Addresses of mail, telephone numbers and postal addresses have numbered or named places: {@code email}, {@code phone2},
 * {@code billing+line1}. Countries are ISO 3166-1 alpha-3 there, and states have the country's code in front.
 */
final class KeapFields {

    /** What is asked for, since an answer holds little by itself. */
    static final String MEMBERS =
            "given_name,family_name,middle_name,prefix,suffix,preferred_name,job_title,website,birth_date,anniversary_date,"
                    + "contact_type,leadsource_id,owner_id,time_zone,preferred_locale,company,email_addresses,phone_numbers,addresses,custom_fields";

    private static final List<String> PLAIN = List.of(
            "given_name",
            "family_name",
            "middle_name",
            "prefix",
            "suffix",
            "preferred_name",
            "job_title",
            "website",
            "birth_date",
            "anniversary_date",
            "contact_type",
            "leadsource_id",
            "owner_id",
            "time_zone",
            "preferred_locale");
    private static final List<String> EMAILS = List.of("email", "email2", "email3");
    private static final List<String> PHONES = List.of("phone", "phone2", "phone3", "phone4", "phone5");
    private static final List<String> ADDRESSES = List.of("billing", "shipping");
    private static final List<String> PARTS =
            List.of("line1", "line2", "locality", "region_code", "postal_code", "country_code");

    private KeapFields() {}

    static List<String> standard() {
        List<String> ids = new ArrayList<>(EMAILS);
        ids.addAll(PLAIN);
        ids.add("company");
        ids.addAll(PHONES);
        ADDRESSES.forEach(place -> PARTS.forEach(part -> ids.add(place + "+" + part)));
        return ids;
    }

    static boolean isPartOfAddress(String field) {
        return ADDRESSES.stream().anyMatch(place -> field.startsWith(place + "+"));
    }

    /** A custom field, as the model describes it. */
    static Field described(JsonObject custom) {
        FieldType type = switch (Json.text(custom, "field_type")) {
            case "DATE" -> FieldType.DATE;
            case "DATE_TIME" -> FieldType.DATETIME;
            case "CURRENCY", "DECIMAL_NUMBER", "PERCENT", "WHOLE_NUMBER" -> FieldType.NUMBER;
            case "YES_NO" -> FieldType.CHECKBOX;
            case "LIST_BOX", "USER_LIST_BOX" -> FieldType.MULTISELECT;
            default -> FieldType.TEXT;
        };
        List<String> options = custom.getValue("options") instanceof JsonArray
                ? Json.objects(custom, "options")
                        .map(option -> Json.text(option, "label"))
                        .toList()
                : List.of();
        return new Field(Json.text(custom, "id"), Json.text(custom, "label"), type, "Custom fields", options, true);
    }

    /** Whether one of a contact's addresses is this one. */
    static boolean has(JsonObject contact, String email) {
        return rows(contact, "email_addresses")
                .anyMatch(each -> email.equalsIgnoreCase(Json.textOrNull(each, "email")));
    }

    static Map<String, Value> read(JsonObject contact) {
        Map<String, Value> fields = new LinkedHashMap<>();
        PLAIN.forEach(field -> Members.put(fields, field, Json.textOrNull(contact, field)));
        if (contact.getValue("company") instanceof JsonObject company) {
            Members.put(fields, "company", Json.textOrNull(company, "company_name"));
        }
        rows(contact, "email_addresses")
                .forEach(each -> Members.put(fields, place(each, "EMAIL", EMAILS), each.getValue("email")));
        rows(contact, "phone_numbers")
                .forEach(each -> Members.put(fields, place(each, "PHONE", PHONES), each.getValue("number")));
        rows(contact, "addresses")
                .forEach(each -> PARTS.forEach(part -> Members.put(
                        fields, Json.text(each, "field").toLowerCase(Locale.ROOT) + "+" + part, said(each, part))));
        rows(contact, "custom_fields")
                .forEach(each -> Members.put(fields, Json.text(each, "id"), each.getValue("content")));
        return fields;
    }

    /** {@code PHONE2} is phone2, {@code PHONE1} phone. */
    private static String place(JsonObject row, String kind, List<String> fields) {
        String place = Json.text(row, "field");
        String number = place.substring(Math.min(kind.length(), place.length()));
        return number.matches("[1-" + fields.size() + "]")
                ? fields.get(Integer.parseInt(number) - 1)
                : place.toLowerCase(Locale.ROOT);
    }

    private static Stream<JsonObject> rows(JsonObject contact, String key) {
        return contact.getValue(key) == null ? Stream.empty() : Json.objects(contact, key);
    }

    /** @param found the contact as it is, for the parts of postal addresses that do not change */
    static JsonObject wire(Map<String, Value> fields, JsonObject found, @Nullable String optInReason) {
        JsonObject contact = new JsonObject();
        JsonArray emails = new JsonArray();
        JsonArray phones = new JsonArray();
        JsonArray custom = new JsonArray();
        Map<String, JsonObject> addresses = new LinkedHashMap<>();
        fields.forEach((field, value) -> {
            if (PLAIN.contains(field)) {
                contact.put(field, text(value));
            } else if (field.equals("company")) {
                contact.put("company", new JsonObject().put("company_name", text(value)));
            } else if (EMAILS.contains(field)) {
                JsonObject email = row("EMAIL", EMAILS.indexOf(field)).put("email", text(value));
                emails.add(optInReason == null ? email : email.put("opt_in_reason", optInReason));
            } else if (PHONES.contains(field)) {
                phones.add(row("PHONE", PHONES.indexOf(field)).put("number", text(value)));
            } else if (isPartOfAddress(field)) {
                int plus = field.indexOf('+');
                addresses
                        .computeIfAbsent(field.substring(0, plus), place -> address(found, place))
                        .put(field.substring(plus + 1), text(value));
            } else {
                custom.add(new JsonObject().put("id", field).put("content", text(value)));
            }
        });
        put(contact, "email_addresses", emails);
        put(contact, "phone_numbers", phones);
        put(contact, "custom_fields", custom);
        put(
                contact,
                "addresses",
                new JsonArray(addresses.values().stream().map(KeapFields::coded).toList()));
        return contact;
    }

    private static void put(JsonObject contact, String key, JsonArray rows) {
        if (!rows.isEmpty()) {
            contact.put(key, rows);
        }
    }

    private static JsonObject row(String kind, int place) {
        return new JsonObject().put("field", kind + (place + 1));
    }

    /** A postal address as it is, in the site's words. */
    private static JsonObject address(JsonObject found, String place) {
        String field = place.toUpperCase(Locale.ROOT);
        JsonObject address = new JsonObject().put("field", field);
        rows(found, "addresses")
                .filter(each -> field.equals(Json.text(each, "field")))
                .forEach(each -> PARTS.forEach(part -> {
                    String said = said(each, part);
                    if (said != null) {
                        address.put(part, said);
                    }
                }));
        return address;
    }

    private static @Nullable String said(JsonObject address, String part) {
        String text = Json.textOrNull(address, part);
        if (text == null) {
            return null;
        }
        return switch (part) {
            case "country_code" -> two(text);
            case "region_code" -> text.substring(text.indexOf('-') + 1);
            default -> text;
        };
    }

    /** A state needs its country: without one it stays as it is. */
    private static JsonObject coded(JsonObject address) {
        String country = address.getString("country_code", "");
        String region = address.getString("region_code", "");
        if (!region.isEmpty() && !region.contains("-") && country.length() == 2) {
            address.put("region_code", country + "-" + region);
        }
        return country.length() == 2 ? address.put("country_code", three(country)) : address;
    }

    private static String three(String two) {
        try {
            return new Locale("", two).getISO3Country();
        } catch (MissingResourceException unknown) {
            return two;
        }
    }

    private static String two(String three) {
        return Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2).stream()
                .filter(two -> three(two).equals(three))
                .findFirst()
                .orElse(three);
    }

    private static String text(Value value) {
        return value instanceof Value.Flag flag ? (flag.on() ? "1" : "0") : value.asText();
    }
}
