package io.crmux.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Our own reading of the frequent bodies takes and refuses what the OpenAPI document does. */
class TagWordsTest {

    private static final BodyRules RULES = new BodyRules(Description.read());

    private static boolean takes(Consumer<JsonObject> reading, JsonObject body) {
        try {
            reading.accept(body);
            return true;
        } catch (Problem.Failure refused) {
            assertThat(refused.problem().status()).isEqualTo(400);
            return false;
        } catch (io.crmux.gateway.Refusal contradiction) {
            return true;
        }
    }

    private static boolean documentTakes(String schema, JsonObject body) {
        return takes(json -> RULES.check(schema, json), body);
    }

    @Property(tries = 2000)
    void applying(@ForAll("bodies") JsonObject body) {
        assertThat(takes(TagWords::applied, body)).as(body.encode()).isEqualTo(documentTakes("ApplyTags", body));
    }

    @Property(tries = 2000)
    void changing(@ForAll("bodies") JsonObject body) {
        assertThat(takes(TagWords::changed, body)).as(body.encode()).isEqualTo(documentTakes("ChangeTags", body));
    }

    @Property(tries = 2000)
    void lookingUp(@ForAll("bodies") JsonObject body) {
        assertThat(takes(TagWords::emails, body)).as(body.encode()).isEqualTo(documentTakes("Lookup", body));
    }

    @Provide
    Arbitrary<JsonObject> bodies() {
        Arbitrary<Object> words = Arbitraries.oneOf(
                Arbitraries.of("vip", "", " ", "\t", "\u2003", "\uD83D\uDE00", "a".repeat(500), "a".repeat(501)),
                Arbitraries.of(1, true, new JsonObject()));
        Arbitrary<Object> lists = words.list().ofMaxSize(3).map(list -> new JsonArray(new ArrayList<>(list)));
        Arbitrary<Object> values = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(5, lists),
                net.jqwik.api.Tuple.of(1, words),
                net.jqwik.api.Tuple.of(
                        1, Arbitraries.integers().between(999, 1001).map(TagWordsTest::many)));
        return Arbitraries.maps(Arbitraries.of("tags", "apply", "remove", "emails", "other"), values)
                .ofMaxSize(2)
                .map((Map<String, Object> map) -> new JsonObject(Buffer.buffer(new JsonObject(map).encode())));
    }

    private static JsonArray many(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("t" + i);
        }
        return new JsonArray(names);
    }
}
