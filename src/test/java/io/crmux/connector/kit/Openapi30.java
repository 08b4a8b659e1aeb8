package io.crmux.connector.kit;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * OpenAPI 3.0 writes schemas in a dialect of its own: what JSON Schema would let pass or choke on is rewritten in place.
 *
 * @see <a href="https://spec.openapis.org/oas/v3.0.3#schema-object">the schema object of 3.0.3</a>
 */
final class Openapi30 {

    private Openapi30() {}

    static void toJsonSchema(JsonObject document) {
        rewrite(document);
    }

    private static void rewrite(JsonObject object) {
        if (Boolean.TRUE.equals(object.getValue("nullable"))) {
            if (object.getValue("type") instanceof String type) {
                object.put("type", new JsonArray().add(type).add("null"));
            }
            if (object.getValue("enum") instanceof JsonArray options) {
                object.put("enum", options.copy().addNull());
            }
        }
        bound(object, "minimum", "exclusiveMinimum");
        bound(object, "maximum", "exclusiveMaximum");
        for (Object value : new ArrayList<>(object.getMap().keySet())
                .stream().map(object::getValue).toList()) {
            each(value);
        }
    }

    private static void bound(JsonObject object, String limit, String exclusive) {
        if (object.getValue(exclusive) instanceof Boolean is) {
            object.remove(exclusive);
            if (is && object.getValue(limit) instanceof Number number) {
                object.put(exclusive, number);
            }
        }
    }

    private static void each(Object value) {
        if (value instanceof JsonObject object) {
            rewrite(object);
        } else if (value instanceof JsonArray array) {
            List<?> items = array.getList();
            for (int i = 0; i < items.size(); i++) {
                each(array.getValue(i));
            }
        }
    }
}
