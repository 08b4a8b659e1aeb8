package io.crmux.gateway.fields;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Descriptor.Countries;
import io.crmux.crm.FieldTarget;
import io.crmux.crm.FieldType;
import io.crmux.crm.Value;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldMapTest {

    private static final FieldMap MAP = new FieldMap(typed(), Map.of(), Countries.NAME);

    private static Map<String, FieldTarget> typed() {
        Map<String, FieldTarget> targets = new HashMap<>();
        for (FieldType type : FieldType.values()) {
            targets.put(type.toString(), new FieldTarget("crm_" + type, type));
        }
        targets.put("user_email", FieldTarget.text("email"));
        return targets;
    }

    private static FieldMap.Mapped map(String key, Object value) {
        return MAP.toCrm(new JsonObject().put(key, value), true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text        | Jane                      | Jane",
                "date        | 2026-01-31                | 2026-01-31",
                "date        | 20260131                  | 2026-01-31",
                "date        | 2026-01-31 08:15:00       | 2026-01-31",
                "date        | 2026-01-31T08:15:00+02:00 | 2026-01-31",
                "datetime    | 2026-01-31                | 2026-01-31T00:00:00Z",
                "datetime    | 2026-01-31 08:15:00       | 2026-01-31T08:15:00Z",
                "datetime    | 2026-01-31T08:15:00+02:00 | 2026-01-31T06:15:00Z",
                "number      | 12.50                     | 12.50",
                "checkbox    | yes                       | true",
                "checkbox    | 0                         | false",
                "multiselect | a, b                      | a, b",
                "country     | de                        | Germany",
                "country     | DEU                       | Germany",
                "country     | germany                   | Germany",
                "country     | Atlantis                  | Atlantis",
                "state       | ca                        | California",
                "state       | Bavaria                   | Bavaria"
            })
    void valuesAreConvertedByTheirType(String type, String said, String wire) {
        FieldMap.Mapped mapped = map(type, said);
        assertThat(mapped.problems()).isEmpty();
        assertThat(mapped.values().values()).extracting(Value::asText).containsExactly(wire);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "date     | soon       | must be a day",
                "date     | 2026-02-30 | must be a day",
                "datetime | noon       | must be a day or a time",
                "number   | many       | must be a number",
                "checkbox | perhaps    | must be true or false"
            })
    void whatDoesNotFitIsToldWithItsPlace(String type, String said, String rule) {
        FieldMap.Mapped mapped = map(type, said);
        assertThat(mapped.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.pointer()).isEqualTo("/fields/" + type);
            assertThat(problem.problem()).startsWith(rule);
        });
    }

    @Test
    void codesAreWrittenWhereTheCrmWantsCodes() {
        FieldMap codes = new FieldMap(typed(), Map.of(), Countries.CODE);
        JsonObject said = new JsonObject().put("country", "Germany").put("state", "california");
        assertThat(codes.toCrm(said, true).values().values())
                .extracting(Value::asText)
                .containsExactly("DE", "CA");
    }

    @Test
    void nullClears() {
        assertThat(MAP.toCrm(new JsonObject().putNull("text"), true).values())
                .containsEntry("crm_text", Value.cleared());
    }

    @Test
    void theConnectionsMapIsLaidOverTheDefault() {
        FieldMap laid = new FieldMap(
                typed(),
                Map.of("text", FieldTarget.text("other"), "more", FieldTarget.text("crm_more")),
                Countries.NAME);
        JsonObject said = new JsonObject().put("text", "a").put("more", "b").put("unknown", "c");
        FieldMap.Mapped mapped = laid.toCrm(said, true);
        assertThat(mapped.values()).containsOnlyKeys("other", "crm_more");
        assertThat(mapped.dropped()).containsExactly("unknown");
    }

    @Test
    void withoutMappingKeysPassThroughWithTheTypesOfJson() {
        JsonObject said = new JsonObject()
                .put("a", "x")
                .put("b", 1.5)
                .put("c", true)
                .put("d", new JsonArray().add("p").add("q"));
        assertThat(MAP.toCrm(said, false).values())
                .containsEntry("a", Value.text("x"))
                .containsEntry("b", new Value.Num(new BigDecimal("1.5")))
                .containsEntry("c", new Value.Flag(true))
                .containsEntry("d", new Value.Choices(List.of("p", "q")));
    }

    @Test
    void theAddressIsFoundOrMissed() {
        assertThat(MAP.email(map("user_email", " Jane@Example.com "), true).address())
                .satisfies(address -> assertThat(String.valueOf(address == null ? "" : address.key()))
                        .isEqualTo("jane@example.com"));
        assertThat(MAP.email(map("text", "x"), true).problems()).singleElement().satisfies(problem -> {
            assertThat(problem.pointer()).isEqualTo("/fields/user_email");
        });
        assertThat(MAP.email(map("user_email", "nobody"), true).problems()).hasSize(1);
    }

    @Test
    void whatTheCrmHasComesBackUnderTheSitesKeys() {
        Map<String, Value> fields = Map.of(
                "email", Value.text("a@b"),
                "crm_checkbox", Value.text("1"),
                "crm_number", Value.text("12"),
                "crm_multiselect", Value.text("a, b"),
                "crm_date", new Value.Day(LocalDate.of(2026, 1, 31)),
                "unmapped", Value.text("x"));
        assertThat(MAP.toSite(fields, true))
                .isEqualTo(Map.of(
                        "user_email",
                        "a@b",
                        "checkbox",
                        true,
                        "number",
                        new BigDecimal("12"),
                        "multiselect",
                        List.of("a", "b"),
                        "date",
                        "2026-01-31"));
        assertThat(MAP.toSite(fields, false)).containsKey("unmapped");
    }

    /** A postcode is text, also where the CRM makes a number of it. */
    @Test
    void whatTheMapCallsTextIsTextWhateverTheCrmHasMadeOfIt() {
        Map<String, Value> fields = Map.of(
                "email", new Value.Num(new BigDecimal("1010")),
                "crm_country", new Value.Choices(List.of("a", "b")),
                "unmapped", new Value.Num(new BigDecimal("7")));
        assertThat(MAP.toSite(fields, true)).containsEntry("user_email", "1010").containsEntry("country", "a, b");
        assertThat(MAP.toSite(fields, false))
                .containsEntry("email", "1010")
                .containsEntry("unmapped", new BigDecimal("7"));
    }

    /** Whatever is sent: each key is mapped, dropped or told, and nothing throws. */
    @Property
    void noKeyIsLost(@ForAll("anything") Map<String, Object> said, @ForAll boolean map) {
        FieldMap.Mapped mapped = MAP.toCrm(new JsonObject(new HashMap<>(said)), map);
        Set<String> told = new HashSet<>(mapped.dropped());
        mapped.problems().forEach(problem -> told.add(problem.pointer().substring("/fields/".length())));
        assertThat(told.size() + mapped.values().size()).isEqualTo(said.size());
    }

    /** What comes back may be sent again, and means the same. */
    @Property
    void whatComesBackMeansTheSame(@ForAll("anything") Map<String, Object> said) {
        Map<String, Value> once =
                MAP.toCrm(new JsonObject(new HashMap<>(said)), true).values();
        Map<String, Value> kept = new HashMap<>(once);
        kept.values().removeIf(value -> value instanceof Value.Cleared);
        JsonObject site = new JsonObject();
        MAP.toSite(kept, true)
                .forEach((key, value) ->
                        site.put(key, value instanceof List<?> list ? new JsonArray(new ArrayList<>(list)) : value));
        assertThat(MAP.toCrm(site, true).values()).isEqualTo(kept);
    }

    @Provide
    Arbitrary<Map<String, Object>> anything() {
        List<String> keys = new ArrayList<>(typed().keySet());
        keys.add("unknown");
        Arbitrary<Object> values = Arbitraries.oneOf(
                Arbitraries.of("", "yes", "12", "2026-01-31", "2026-01-31T08:00:00Z", "us", "CA", "a, b", "x"),
                Arbitraries.strings().ofMaxLength(5).alpha(),
                Arbitraries.integers(),
                Arbitraries.of(true, false));
        return Arbitraries.maps(Arbitraries.of(keys), values).ofMaxSize(6);
    }
}
