package io.crmux.store;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes equal values one object while many rows are read: changes of one contact, and changes alike, repeat most of what they say. */
final class Shared {

    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, ChangeBody> bodies = new HashMap<>();

    @Nullable
    String text(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String first = texts.putIfAbsent(text, text);
        return first == null ? text : first;
    }

    ChangeBody body(String encoded) {
        ChangeBody known = bodies.get(encoded);
        if (known != null) {
            return known;
        }
        ChangeBody body = ChangeBodies.decode(encoded);
        if (body instanceof ChangeBody.Tags || body instanceof ChangeBody.Delete) {
            bodies.put(encoded, body);
        }
        return body;
    }
}
