package io.crmux.command;

import io.crmux.store.ChangeWords;
import io.crmux.store.NewChange;
import io.crmux.store.Origin;
import io.crmux.store.Progress;
import io.crmux.store.StoredChange;
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
                .put("change", ChangeWords.of(change.body()))
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
