package io.crmux.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Holds answers against the schemas of the OpenAPI document, whose references to each other are written out. */
final class Described {

    private static final JsonObject DOCUMENT = Description.read();
    private static final BodyRules RULES = new BodyRules(new JsonObject()
            .put(
                    "components",
                    new JsonObject()
                            .put(
                                    "schemas",
                                    writtenOut(
                                            DOCUMENT.getJsonObject("components").getJsonObject("schemas")))));

    private Described() {}

    /** The answer, if it is as the document says. */
    static JsonObject as(String schema, JsonObject answer) {
        return RULES.check(schema, answer);
    }

    private static Object writtenOut(Object part) {
        if (part instanceof JsonArray array) {
            JsonArray out = new JsonArray();
            array.forEach(element -> out.add(writtenOut(element)));
            return out;
        }
        if (!(part instanceof JsonObject object)) {
            return part;
        }
        String reference = object.getValue("$ref") instanceof String text ? text : null;
        if (reference != null) {
            return writtenOut(DOCUMENT.getJsonObject("components")
                    .getJsonObject("schemas")
                    .getJsonObject(reference.substring(reference.lastIndexOf('/') + 1)));
        }
        JsonObject out = new JsonObject();
        object.forEach(member -> out.put(member.getKey(), writtenOut(member.getValue())));
        return out;
    }
}
