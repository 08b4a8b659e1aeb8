package io.crmux.store;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes equal values one object while many rows are read: changes of one contact, and changes alike, repeat most of what they say. Rows are read on one
 * thread, and what is deferred of them on another.
 */
final class Shared {

    private static final float FULL = 1;

    private final Map<String, String> known = new HashMap<>();
    private final ByBytes<String> texts = new ByBytes<>(bytes -> same(text(bytes)));
    private final ByBytes<ChangeBody> tags = new ByBytes<>(bytes -> decoded(text(bytes)));

    /** A text in UTF-8. */
    synchronized String text(byte[] all, int position, int length) {
        return texts.at(all, position, length);
    }

    /** A change's body, see {@link ChangeBodies}: one of tags holds nothing which can be changed. */
    synchronized ChangeBody body(byte[] all, int position, int length) {
        return ChangeBodies.isOfTags(all, position, length)
                ? tags.at(all, position, length)
                : decoded(new String(all, position, length, StandardCharsets.UTF_8));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private ChangeBody decoded(String encoded) {
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
        return body instanceof ChangeBody.Tags changed
                ? new ChangeBody.Tags(same(changed.apply()), same(changed.remove()))
                : body;
    }

    /** What {@link Map#putIfAbsent} does, but too long for the compiler to put it into every place from which it is called, which takes it half a second. */
    private String same(String text) {
        return known.computeIfAbsent(text, first -> first);
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
