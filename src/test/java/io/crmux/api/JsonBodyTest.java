package io.crmux.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonBodyTest {

    @Test
    void everyKindOfValueIsReadAsItIsWritten() {
        JsonObject read = parse("""
                {"text":"Zoë \\u00fc 😀","whole":7,"long":12345678901,"longer":123456789012345678901,"decimal":1.10,
                 "yes":true,"no":false,"none":null,"list":[1,[],{"in":"side"},null],"object":{}}""");
        assertThat(read.getMap())
                .containsEntry("text", "Zoë ü 😀")
                .containsEntry("whole", 7)
                .containsEntry("long", 12345678901L)
                .containsEntry("longer", new BigInteger("123456789012345678901"))
                .containsEntry("decimal", new BigDecimal("1.10"))
                .containsEntry("yes", true)
                .containsEntry("no", false)
                .containsEntry("none", null);
        assertThat(read.getJsonArray("list"))
                .isEqualTo(new JsonArray()
                        .add(1)
                        .add(new JsonArray())
                        .add(new JsonObject().put("in", "side"))
                        .addNull());
        assertThat(read.getJsonObject("object")).isEqualTo(new JsonObject());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~                  | the body must be a JSON object",
                "null                | the body must be a JSON object",
                "[]                  | the body must be a JSON object",
                "\"text\"            | the body must be a JSON object",
                "{\"a\":1            | the body must be a JSON object, each of its keys once: see line 1",
                "{\"a\":1,\"a\":2}   | the body must be a JSON object, each of its keys once: see line 1, column 11",
                "{\"a\":{\"b\":1,\"b\":2}} | the body must be a JSON object, each of its keys once: see line 1",
                "{a:1}               | the body must be a JSON object, each of its keys once: see line 1, column 2",
                "{\"a\":NaN}         | the body must be a JSON object, each of its keys once: see line 1",
                "{} {}               | the body must be one JSON object: see line 1, column 4",
                "{} x                | the body must be a JSON object, each of its keys once: see line 1",
            })
    void whatIsNotOneObjectIsRefusedWithThePlace(String body, String says) {
        assertThatThrownBy(() -> parse(body)).hasMessageContaining(says);
    }

    @Test
    void anObjectNestedTooDeeplyIsRefused() {
        assertThat(parse(nested(32)).isEmpty()).isFalse();
        assertThatThrownBy(() -> parse(nested(33))).hasMessageContaining("nested more than 32 levels deep");
        assertThatThrownBy(() -> parse("{\"a\":" + "[".repeat(100_000))).hasMessageContaining("nested more than 32");
    }

    private static String nested(int levels) {
        return "{\"a\":".repeat(levels) + "1" + "}".repeat(levels);
    }

    private static JsonObject parse(String body) {
        return JsonBody.parse(Buffer.buffer(body));
    }
}
