package io.crmux.process;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** One write of a site, and what is known of it. Until it is acknowledged it is in doubt: it may have been accepted or not. */
final class Write {

    /** What is written, and as what the witness sees it; null when it sees nothing of it. */
    enum Kind {
        ADD(null),
        APPLY(Witness.Act.APPLIED),
        REMOVE(Witness.Act.REMOVED),
        UPDATE(Witness.Act.SET),
        EVENT(Witness.Act.TRACKED),
        REFUSED(null);

        private final Witness.@Nullable Act seenAs;

        Kind(Witness.@Nullable Act seenAs) {
            this.seenAs = seenAs;
        }

        Witness.@Nullable Act seenAs() {
            return seenAs;
        }
    }

    private final Visitor visitor;
    private final int number;
    private final Kind kind;
    private final String word;
    private @Nullable String operation;
    private boolean acknowledged;
    private boolean confirmed;
    private boolean seen;

    /** @param word unique, except that a removal has the word of what it removes */
    Write(Visitor visitor, int number, Kind kind, String word) {
        this.visitor = visitor;
        this.number = number;
        this.kind = kind;
        this.word = word;
    }

    Visitor visitor() {
        return visitor;
    }

    /** Its place among the visitor's writes. */
    int number() {
        return number;
    }

    Kind kind() {
        return kind;
    }

    String word() {
        return word;
    }

    /** By which its fate is asked for; null when it is not known. */
    @Nullable
    String operation() {
        return operation;
    }

    boolean isAcknowledged() {
        return acknowledged;
    }

    /** Whether the site was told that it is delivered. */
    boolean isConfirmed() {
        return confirmed;
    }

    /** Whether the witness has seen it itself: of merged updates, it sees the last. */
    boolean isSeen() {
        return seen;
    }

    void seen() {
        seen = true;
    }

    /**
     * Sends it. Throws when the server is gone: it stays in doubt then.
     *
     * @param wait whether to wait until it is delivered
     */
    void send(Client client, boolean wait) {
        String prefer = wait ? "wait=30" : "respond-async, wait=0";
        String contact = "v1/main/contacts/" + visitor.path();
        Client.Reply reply = switch (kind) {
            case ADD -> client.post("v1/main/contacts", fields("user_email", visitor.email()), "prefer", prefer);
            case APPLY, REFUSED -> client.post(contact + "/tags", tags(), "prefer", prefer);
            case REMOVE -> client.delete(contact + "/tags?tag=" + word, "prefer", prefer);
            case UPDATE -> client.patch(contact, fields("1", word).put("map_meta_fields", false), "prefer", prefer);
            case EVENT -> client.post(contact + "/events", new JsonObject().put("name", word), "prefer", prefer);
        };
        if (reply.status() >= 300) {
            throw new AssertionError(this + " was answered with " + reply.status() + " " + reply.text());
        }
        acknowledged = true;
        confirmed = reply.status() != 202;
        operation = reply.json().getString("operation");
    }

    private static JsonObject fields(String key, String value) {
        return new JsonObject().put("fields", new JsonObject().put(key, value));
    }

    private JsonObject tags() {
        return new JsonObject().put("tags", new JsonArray().add(word));
    }

    @Override
    public String toString() {
        return kind + " " + word + ", write " + number + " of " + visitor.email() + ", operation " + operation;
    }
}
