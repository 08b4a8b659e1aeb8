package io.crmux.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a request's body strictly: one object, no key twice, not nested too deeply, nothing behind it, decimals as they are written. */
final class JsonBody {

    private static final int DEEPEST = 32;
    private static final JsonFactory STRICT = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private JsonBody() {}

    static JsonObject parse(Buffer body) {
        try (JsonParser parser = STRICT.createParser(body.getBytes())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw Problem.malformed("the body must be a JSON object").failure();
            }
            JsonObject object = new JsonObject(object(parser));
            if (parser.nextToken() != null) {
                throw Problem.malformed("the body must be one JSON object" + place(parser.currentTokenLocation()))
                        .failure();
            }
            return object;
        } catch (StreamConstraintsException e) {
            throw Problem.malformed(
                            "the body is nested more than " + DEEPEST + " levels deep, or a part of it is too long")
                    .failure();
        } catch (JsonProcessingException e) {
            throw Problem.malformed("the body must be a JSON object, each of its keys once" + place(e.getLocation()))
                    .failure();
        } catch (IOException e) {
            throw Problem.malformed("the body must be a JSON object").failure();
        }
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            parser.nextToken();
            object.put(key, value(parser));
        }
        return object;
    }

    private static List<Object> array(JsonParser parser) throws IOException {
        List<Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser));
        }
        return array;
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : ": see line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
