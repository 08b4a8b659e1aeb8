package io.crmux.command;

import io.crmux.store.ChangeBody;
import io.crmux.store.NewChange;
import io.crmux.store.Origin;
import io.crmux.store.Progress;
import io.crmux.store.StoredChange;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A change as it is exported. Described in configuration.md: the names of members stay. */
final class ExportedChange {

    private static final int LAST_ASCII = 0x7e;

    private ExportedChange() {}

    /** One line of ASCII, whatever the character set of the terminal. */
    static String line(StoredChange stored) {
        NewChange change = stored.change().accepted();
        Progress progress = stored.progress();
        JsonObject json = new JsonObject()
                .put("seq", stored.change().seq())
                .put("operation", change.operation().toString())
                .put("connection", change.connection())
                .put("contact", change.contactId())
                .put("email", change.email())
                .put("origin", origin(change.origin()))
                .put("accepted", time(change.accepted()))
                .put("change", body(change.body()))
                .put("state", progress.state().toString())
                .put("settled", progress.settled())
                .put("at", time(progress.at()))
                .put("attempts", progress.attempts())
                .put("waiting_for", progress.waitingFor())
                .put("problem", progress.problem())
                .put("result", progress.result());
        return ascii(json.encode());
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    private static @Nullable JsonObject origin(@Nullable Origin origin) {
        return origin == null
                ? null
                : new JsonObject().put("connection", origin.connection()).put("contact", origin.contactId());
    }

    private static JsonObject body(ChangeBody body) {
        if (body instanceof ChangeBody.Tags tags) {
            JsonObject both = new JsonObject()
                    .put("apply", new JsonArray(tags.apply()))
                    .put("remove", new JsonArray(tags.remove()));
            return new JsonObject().put("tags", both);
        }
        if (body instanceof ChangeBody.Create create) {
            return new JsonObject().put("create", fields(create.fields(), create.map()));
        }
        if (body instanceof ChangeBody.Update update) {
            return new JsonObject().put("update", fields(update.fields(), update.map()));
        }
        if (body instanceof ChangeBody.Event event) {
            JsonObject both = new JsonObject().put("name", event.name()).put("properties", event.properties());
            return new JsonObject().put("event", both);
        }
        return new JsonObject().put("delete", new JsonObject());
    }

    private static JsonObject fields(JsonObject fields, boolean map) {
        return new JsonObject().put("fields", fields).put("map_meta_fields", map);
    }

    /** What is not ASCII can only stand within strings: there it may be escaped. */
    private static String ascii(String json) {
        StringBuilder line = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c <= LAST_ASCII) {
                line.append(c);
            } else {
                line.append(String.format("\\u%04x", (int) c));
            }
        }
        return line.toString();
    }
}
