package io.crmux.crm;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of an answer that a connector relies on. What is missing, or of another kind, is a failure of the CRM for now
 * ({@link CrmException.Kind#UNAVAILABLE}) and never an empty value, which somebody might act upon.
 */
public final class Json {

    private Json() {}

    /** The objects of an array. */
    public static Stream<JsonObject> objects(JsonObject json, String key) {
        return array(json, key).stream()
                .map(each -> each instanceof JsonObject object ? object : Json.<JsonObject>unexpected(key));
    }

    public static JsonArray array(JsonObject json, String key) {
        return json.getValue(key) instanceof JsonArray array ? array : unexpected(key);
    }

    public static JsonObject object(JsonObject json, String key) {
        return json.getValue(key) instanceof JsonObject object ? object : unexpected(key);
    }

    /** A text that must be there, such as an id: a number is taken as well, since ids come as either. */
    public static String text(JsonObject json, String key) {
        String text = textOrNull(json, key);
        return text == null || text.isEmpty() ? unexpected(key) : text;
    }

    /** A text, a number or a boolean in words; null when there is none. */
    public static @Nullable String textOrNull(JsonObject json, String key) {
        Object value = json.getValue(key);
        return value instanceof JsonObject || value instanceof JsonArray
                ? unexpected(key)
                : value == null ? null : value.toString();
    }

    public static int integer(JsonObject json, String key) {
        return json.getValue(key) instanceof Number number ? number.intValue() : Json.<Integer>unexpected(key);
    }

    private static <T> T unexpected(String key) {
        throw CrmException.unavailable("the answer has no " + key + " of the kind that was expected", 200);
    }
}
