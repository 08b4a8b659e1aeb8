package com.example.acme;

import io.crmux.connector.fake.FakeCrm;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Acme's wire. */
public final class FakeAcme extends FakeCrm {

    public static final String KEY = "key-of-acme";
    private static final int PAGE = 100;

    private final Map<String, JsonObject> people = new LinkedHashMap<>();
    private final Set<String> tags = new TreeSet<>();
    private int ids = 0;

    public FakeAcme(Vertx vertx) {
        super(vertx);
    }

    @Override
    public synchronized String add(String email, String... withTags) {
        JsonObject person = new JsonObject()
                .put("id", Integer.toString(++ids))
                .put("fields", new JsonObject().put("email", email))
                .put("tags", new JsonArray());
        people.put(person.getString("id"), person);
        change(person, new JsonObject().put("apply", new JsonArray(List.of(withTags))));
        return person.getString("id");
    }

    @Override
    protected synchronized Reply handle(Received call) {
        if (!call.headers().contains("authorization: Bearer " + KEY)) {
            return error(401, "wrong key");
        }
        return switch (call.method() + " " + call.path()) {
            case "GET /me" -> Reply.json(200, new JsonObject().put("name", "Acme's account"));
            case "GET /tags" -> page("tags", tags.stream(), tags.size(), from(call), PAGE);
            case "GET /fields" ->
                Reply.json(200, new JsonObject().put("fields", new JsonArray(List.of("email", "first_name", "last_name"))));
            case "GET /people" -> call.query("tag").isEmpty() ? byEmail(call) : byTag(call);
            case "POST /people" -> create(call.json().getJsonObject("fields"));
            default -> one(call, people.get(call.path().substring(call.path().lastIndexOf('/') + 1)));
        };
    }

    private Reply one(Received call, JsonObject person) {
        if (person == null) {
            return error(404, "no such person");
        }
        return call.method().equals("PATCH") ? change(person, call.json()) : Reply.json(200, person);
    }

    private Reply byEmail(Received call) {
        String email = call.query("email").get(0);
        return page("people", people.values().stream().filter(person -> has(person, email)), 0, 0, PAGE);
    }

    private Reply byTag(Received call) {
        List<JsonObject> all = people.values().stream()
                .filter(person -> person.getJsonArray("tags").contains(call.query("tag").get(0)))
                .toList();
        return page("people", all.stream(), all.size(), from(call), Integer.parseInt(call.query("limit").get(0)));
    }

    private Reply create(JsonObject fields) {
        String email = fields.getString("email", "");
        JsonObject taken = other(null, email);
        if (taken != null) {
            return taken(taken);
        }
        if (!email.contains("@")) {
            return error(422, "no address");
        }
        JsonObject person = people.get(add(email));
        change(person, new JsonObject().put("fields", fields));
        return Reply.json(201, person);
    }

    private Reply change(JsonObject person, JsonObject change) {
        JsonObject fields = change.getJsonObject("fields", new JsonObject());
        JsonObject taken = other(person, fields.getString("email", ""));
        if (taken != null) {
            return taken(taken);
        }
        fields.forEach(field -> {
            if ("".equals(field.getValue())) {
                person.getJsonObject("fields").remove(field.getKey());
            } else {
                person.getJsonObject("fields").put(field.getKey(), field.getValue());
            }
        });
        change.getJsonArray("remove", new JsonArray()).forEach(person.getJsonArray("tags")::remove);
        change.getJsonArray("apply", new JsonArray()).forEach(tag -> {
            tags.add(tag.toString());
            if (!person.getJsonArray("tags").contains(tag)) {
                person.getJsonArray("tags").add(tag);
            }
        });
        return Reply.json(200, person);
    }

    private JsonObject other(JsonObject self, String email) {
        return people.values().stream()
                .filter(person -> person != self && has(person, email))
                .findFirst()
                .orElse(null);
    }

    private static boolean has(JsonObject person, String email) {
        return email.equalsIgnoreCase(person.getJsonObject("fields").getString("email"));
    }

    private static int from(Received call) {
        return Integer.parseInt(call.query("from").get(0));
    }

    private static Reply page(String key, Stream<?> rows, int all, int from, int size) {
        JsonObject page = new JsonObject()
                .put(key, new JsonArray(rows.skip(from).limit(size).toList()));
        return Reply.json(200, from + size < all ? page.put("next", from + size) : page);
    }

    private static Reply taken(JsonObject by) {
        return Reply.json(409, new JsonObject().put("message", "taken").put("id", by.getString("id")));
    }

    private static Reply error(int status, String message) {
        return Reply.json(status, new JsonObject().put("message", message));
    }
}
