package io.crmux.store;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes equal values one object while many rows are read: changes of one contact, and changes alike, repeat most of what they say. */
final class Shared {

    private static final float FULL = 1;

    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, ChangeBody> bodies = new HashMap<>();

    @Nullable
    String text(@Nullable String text) {
        return text == null ? null : same(text);
    }

    ChangeBody body(String encoded) {
        ChangeBody known = bodies.get(encoded);
        if (known != null) {
            return known;
        }
        ChangeBody body = ChangeBodies.decode(encoded);
        if (body instanceof ChangeBody.Create create) {
            return new ChangeBody.Create(compact(create.fields()), create.map());
        }
        if (body instanceof ChangeBody.Update update) {
            return new ChangeBody.Update(compact(update.fields()), update.map());
        }
        if (body instanceof ChangeBody.Event event) {
            return new ChangeBody.Event(same(event.name()), compact(event.properties()));
        }
        if (body instanceof ChangeBody.Tags tags) {
            body = new ChangeBody.Tags(same(tags.apply()), same(tags.remove()));
        }
        bodies.put(encoded, body);
        return body;
    }

    /** What {@link Map#putIfAbsent} does, but too long for the compiler to put it into every place from which it is called, which takes it half a second. */
    private String same(String text) {
        return texts.computeIfAbsent(text, first -> first);
    }

    private List<String> same(List<String> tags) {
        return tags.stream().map(this::same).toList();
    }

    /** Objects are not shared, since they can be changed; but their keys repeat, and they are not made for growing. */
    private JsonObject compact(JsonObject object) {
        Map<String, Object> compact = new LinkedHashMap<>(Math.max(1, object.size()), FULL);
        object.getMap()
                .forEach((key, value) -> compact.put(same(key), value instanceof String text ? same(text) : value));
        return new JsonObject(compact);
    }
}
