package io.crmux.store;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** Changes and fates to store. */
final class Samples {

    static final String MAIN = "main";
    static final String OTHER = "other";

    private Samples() {}

    /** The id of the operation of a name. */
    static UUID operation(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    static NewChange tags(String operation) {
        return tags(MAIN, operation);
    }

    static NewChange tags(String connection, String operation) {
        return new NewChange(
                operation(operation),
                connection,
                "42",
                "jane@example.com",
                new ChangeBody.Tags(List.of("vip"), List.of("lead")),
                1000);
    }

    static NewChange with(String operation, ChangeBody body) {
        return new NewChange(operation(operation), MAIN, null, "Jane@Example.com", body, 1000);
    }

    /** One of every kind, with everything in it that is awkward. */
    static List<ChangeBody> bodies() {
        JsonObject fields = new JsonObject()
                .put("user_email", "Jane@Example.com")
                .put("naïve \u001f key \"", "emoji \ud83d\ude00, control \u0000 \u001f, quote ' \" \\")
                .put("number", 12345678901234L)
                .put("fraction", 0.1)
                .put("flag", false)
                .put("options", new JsonArray().add("a").add("b"))
                .putNull("cleared");
        return List.of(
                new ChangeBody.Tags(List.of("a", "ä", "😀"), List.of()),
                new ChangeBody.Tags(List.of(), List.of("tags\u001f, \"old\"")),
                new ChangeBody.Create(fields, true),
                new ChangeBody.Update(fields, false),
                new ChangeBody.Event("bought", new JsonObject().put("nested", new JsonObject().put("price", 9.99))),
                new ChangeBody.Delete(),
                new ChangeBody.AddTag("gold, \u001f \"ü\""));
    }

    static Progress queued(long seq, int attempts, String waitingFor) {
        return new Progress(seq, ChangeState.QUEUED, attempts, 2000, waitingFor, null, false);
    }

    static Progress delivered(long seq, long at) {
        return new Progress(seq, ChangeState.DELIVERED, 1, at, null, null, true);
    }

    static Progress dead(long seq, long at) {
        JsonObject problem = new JsonObject().put("type", "invalid").put("detail", "nö");
        return new Progress(seq, ChangeState.DEAD, 1, at, null, problem, true);
    }
}
