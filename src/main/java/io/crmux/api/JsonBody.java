package io.crmux.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Map;

/** Reads a request's body strictly: one object, no key twice, not nested too deeply, nothing behind it, decimals as they are written. */
final class JsonBody {

    private static final int DEEPEST = 32;
    private static final ObjectReader STRICT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build()
            .readerFor(new TypeReference<Map<String, Object>>() {});

    private JsonBody() {}

    static JsonObject parse(Buffer body) {
        try {
            Map<String, Object> object = STRICT.readValue(body.getBytes());
            if (object == null) {
                throw Problem.malformed("the body must be a JSON object").failure();
            }
            return new JsonObject(object);
        } catch (StreamConstraintsException e) {
            throw Problem.malformed(
                            "the body is nested more than " + DEEPEST + " levels deep, or a part of it is too long")
                    .failure();
        } catch (JsonProcessingException e) {
            throw Problem.malformed("the body must be a JSON object, each of its keys once" + place(e))
                    .failure();
        } catch (IOException e) {
            throw Problem.malformed("the body must be a JSON object").failure();
        }
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : ": see line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
    }
}
