package io.crmux.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Added;
import io.crmux.crm.Contact;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Field;
import io.crmux.crm.FieldType;
import io.crmux.crm.Value;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Odd addresses and values, and every type of field, there and back. */
abstract class ValuesContract extends BulkContract {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plus+tag",
                "o'brien",
                "dash-dash",
                "under_score",
                "dots.and.dots",
                "percent%41",
                "am&per",
                "ümläut",
                "UPPER"
            })
    void oddAddressesAreFound(String local) {
        isFoundOrRefused(local + address());
    }

    @Test
    void theLongestAddressIsFound() {
        String host = ("a".repeat(60) + ".").repeat(3) + "example";
        String local = "kit" + SERIAL.incrementAndGet() + run;
        isFoundOrRefused(local + "x".repeat(254 - host.length() - 1 - local.length()) + "@" + host);
    }

    @Test
    void anAddressInAnotherScriptIsFound() {
        isFoundOrRefused("müller-" + address().replace("example", "bücher"));
    }

    /** A CRM may be stricter than we are, and must then say so. */
    private void isFoundOrRefused(String email) {
        Optional<Contact> added = crm.addContact(call(), Map.of(email(), Value.text(email)))
                .map(Added::id)
                .map(id -> Optional.of(new Contact(id, email)))
                .otherwise(failure -> {
                    assertThat(CrmException.of(failure).kind()).isEqualTo(Kind.INVALID);
                    return Optional.empty();
                })
                .await();
        assertThat(crm.getContactId(call(), email).await().map(Contact::id)).isEqualTo(added.map(Contact::id));
    }

    /** With a first name before it, since some have but one name for both. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "O'Doe \"junior\"",
                "100 %41 & more",
                "emoji \uD83D\uDE00",
                "<b>bold</b>",
                "Zoë;Müller,ß",
                "back\\slash",
                "null",
                "007"
            })
    void oddValuesComeBackAsTheyWere(String value) {
        Contact contact = added();
        Map<String, Value> name = Map.of(firstName(), Value.text("Jane"), field("last_name"), Value.text(value));
        crm.updateContact(call(), contact, name).await();
        assertThat(crm.loadContact(call(), contact).await().fields()).containsAllEntriesOf(name);
    }

    /** Each type for which the account has a field that can be written, beside the standard ones. */
    @ParameterizedTest
    @EnumSource(names = {"TEXT", "NUMBER", "DATE", "DATETIME", "CHECKBOX", "MULTISELECT"})
    void valuesOfEveryTypeComeBackAsTheyWere(FieldType type) {
        Optional<Field> found = crm.syncCrmFields(call()).await().stream()
                .filter(field -> field.writable() && field.type() == type)
                .filter(field -> !"Standard fields".equals(field.group()))
                .findFirst();
        if (found.isPresent()) {
            Field field = found.get();
            Value value = sample(field);
            Contact contact = added();
            crm.updateContact(call(), contact, Map.of(field.id(), value)).await();
            Map<String, Value> loaded = crm.loadContact(call(), contact).await().fields();
            assertThat(loaded).containsKey(field.id());
            assertThat(meaning(loaded.getOrDefault(field.id(), Value.cleared())))
                    .isEqualTo(meaning(value));
        }
    }

    private Value sample(Field field) {
        return switch (field.type()) {
            case NUMBER -> new Value.Num(number());
            case DATE -> new Value.Day(LocalDate.of(1980, 5, 17));
            case DATETIME -> new Value.Time(Instant.parse("2024-02-29T12:30:00Z"));
            case CHECKBOX -> new Value.Flag(true);
            case MULTISELECT ->
                new Value.Choices(field.options().size() > 1 ? field.options().subList(0, 2) : List.of("red", "green"));
            case TEXT, COUNTRY, STATE ->
                Value.text(field.options().isEmpty() ? "text" : field.options().get(0));
        };
    }

    /** A type that only the site's map knows comes back as the text that it is: the core makes of it what the map says. */
    private static String meaning(Value value) {
        String text = value.asText();
        return switch (text) {
            case "1" -> "true";
            default -> text.replaceFirst("^(\\d{4}-\\d\\d-\\d\\d)[T ](\\d\\d:\\d\\d:\\d\\d).*$", "$1 $2");
        };
    }

    @Test
    void theFieldsThatTheDefaultMapGoesToAreThere() {
        List<String> ids = crm.syncCrmFields(call()).await().stream()
                .map(field -> field.id())
                .toList();
        assertThat(ids).contains(email()).doesNotHaveDuplicates();
        connector()
                .descriptor()
                .fields()
                .values()
                .forEach(target -> assertThat(target.field().matches("\\d+")
                                || ids.contains(target.field())
                                || target.field().equals("note"))
                        .as(target.field())
                        .isTrue());
    }
}
