package io.crmux.store;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Says what changes do, for people and programs to read. */
public final class ChangeWords {

    private ChangeWords() {}

    /**
     * What a change does, in the site's own words: an object with one member that names its kind. {@code tags} has {@code apply} and {@code remove},
     * {@code create} and {@code update} have {@code fields} and {@code map_meta_fields}, {@code event} has {@code name} and {@code properties},
     * {@code delete} is true, {@code add_tag} has {@code name}.
     */
    public static JsonObject of(ChangeBody body) {
        return new JsonObject().put(body.kind(), what(body));
    }

    private static Object what(ChangeBody body) {
        if (body instanceof ChangeBody.Tags tags) {
            return new JsonObject()
                    .put("apply", new JsonArray(tags.apply()))
                    .put("remove", new JsonArray(tags.remove()));
        }
        if (body instanceof ChangeBody.Create create) {
            return fields(create.fields(), create.map());
        }
        if (body instanceof ChangeBody.Update update) {
            return fields(update.fields(), update.map());
        }
        if (body instanceof ChangeBody.Event event) {
            return new JsonObject().put("name", event.name()).put("properties", event.properties());
        }
        if (body instanceof ChangeBody.AddTag tag) {
            return new JsonObject().put("name", tag.name());
        }
        return true;
    }

    private static JsonObject fields(JsonObject fields, boolean map) {
        return new JsonObject().put("fields", fields).put("map_meta_fields", map);
    }
}
