package io.crmux.connector.fake;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Drip's wire: API v2. Stateful; one thread calls it. */
public final class FakeDrip extends FakeCrm {

    public static final String ACCOUNT = "9999999";
    public static final String TOKEN = "secret-token-of-drip";

    private static final List<String> STANDARD = List.of("first_name", "last_name", "phone", "city", "country");

    private final Map<String, JsonObject> people = new LinkedHashMap<>();
    private final Set<String> tags = new TreeSet<>();
    private final List<JsonObject> queued = new ArrayList<>();
    private int ids = 100_000;

    public FakeDrip(Vertx vertx) {
        super(vertx);
    }

    @Override
    public synchronized String add(String email, String... withTags) {
        JsonObject person = added(email);
        change(person, new JsonObject().put("tags", new JsonArray(List.of(withTags))));
        return person.getString("id");
    }

    private JsonObject added(String email) {
        String id = "z1togz2hcjrkpp" + ++ids;
        JsonObject person = new JsonObject()
                .put("id", id)
                .put("status", "active")
                .put("email", email)
                .put("custom_fields", new JsonObject())
                .put("tags", new JsonArray());
        STANDARD.forEach(person::putNull);
        people.put(id, person);
        return person;
    }

    /** From now on the subscriber takes no tags. */
    public synchronized void unsubscribe(String id) {
        people.computeIfPresent(id, (key, person) -> person.put("status", "unsubscribed"));
    }

    @Override
    protected List<String> tell(Received call, int status, int counted) {
        return List.of("X-RateLimit-Limit", "3600", "X-RateLimit-Remaining", left(3600, counted));
    }

    @Override
    protected synchronized Reply handle(Received call) {
        String token = Base64.getEncoder().encodeToString((TOKEN + ":").getBytes(StandardCharsets.UTF_8));
        if (!call.headers().contains("authorization: Basic " + token)) {
            return error(401, "authentication_error", "Authentication failed, check your credentials", null);
        }
        if (call.path().equals("/v2/accounts")) {
            return list(
                    "accounts", Stream.of(new JsonObject().put("id", ACCOUNT).put("name", "Acme")));
        }
        String root = "/v2/" + ACCOUNT + "/";
        if (!call.path().startsWith(root)) {
            return error(403, "authorization_error", "You are not authorized to access this resource", null);
        }
        String path = call.path().substring(root.length());
        return switch (call.method() + " " + path) {
            case "GET tags" -> Reply.json(200, new JsonObject().put("tags", new JsonArray(List.copyOf(tags))));
            case "GET custom_field_identifiers" ->
                Reply.json(
                        200,
                        new JsonObject()
                                .put(
                                        "custom_field_identifiers",
                                        new JsonArray().add("first_name").add("plan")));
            case "GET subscribers" -> subscribers(call);
            case "POST subscribers" ->
                upsert(call.json().getJsonArray("subscribers").getJsonObject(0));
            case "POST subscribers/batches" -> queue(call.json());
            case "POST events" -> event(call.json().getJsonArray("events").getJsonObject(0));
            default -> one(call, path);
        };
    }

    private Reply one(Received call, String path) {
        JsonObject person = path.startsWith("subscribers/")
                ? find(URLDecoder.decode(path.substring("subscribers/".length()), StandardCharsets.UTF_8))
                : null;
        if (person == null) {
            return notFound();
        }
        if (call.method().equals("DELETE")) {
            people.remove(person.getString("id"));
            return new Reply(204, "application/json", "", List.of());
        }
        return list("subscribers", Stream.of(person));
    }

    private @Nullable JsonObject find(String idOrEmail) {
        return people.values().stream()
                .filter(person -> idOrEmail.equals(person.getString("id"))
                        || idOrEmail.equalsIgnoreCase(person.getString("email")))
                .findFirst()
                .orElse(null);
    }

    /** Done after the next look, so that who looks at once sees nothing. */
    private Reply queue(JsonObject wanted) {
        wanted.getJsonArray("batches").getJsonObject(0).getJsonArray("subscribers").stream()
                .map(JsonObject.class::cast)
                .forEach(queued::add);
        return Reply.json(201, new JsonObject());
    }

    /** Who is not there is dropped without a word. */
    private void work() {
        queued.forEach(this::upsert);
        queued.clear();
    }

    private Reply subscribers(Received call) {
        Reply list = holders(call);
        work();
        return list;
    }

    private Reply holders(Received call) {
        String tag = call.query("tags").get(0);
        int size = Integer.parseInt(call.query("per_page").get(0));
        int page = Integer.parseInt(call.query("page").get(0));
        List<JsonObject> all = people.values().stream()
                .filter(person -> call.query("status").contains("all")
                        || person.getString("status").equals("active"))
                .filter(person -> person.getJsonArray("tags").contains(tag))
                .toList();
        Reply list = list("subscribers", all.stream().skip((page - 1L) * size).limit(size));
        JsonObject meta = new JsonObject()
                .put("page", page)
                .put("total_pages", (all.size() + size - 1) / size)
                .put("total_count", all.size());
        return Reply.json(200, new JsonObject(list.body()).put("meta", meta));
    }

    private Reply upsert(JsonObject wanted) {
        String email = wanted.getString("email");
        if (wanted.getString("id") != null) {
            JsonObject person = find(wanted.getString("id"));
            return person == null ? notFound() : change(person, wanted);
        }
        if (email == null || !email.contains("@")) {
            return error(422, "email_error", "Email is invalid", "email");
        }
        JsonObject known = find(email);
        return change(known == null ? added(email) : known, wanted);
    }

    private Reply change(JsonObject person, JsonObject wanted) {
        String moved = wanted.getString("new_email");
        if (moved != null && find(moved) != null) {
            return error(422, "uniqueness_error", "New email is already subscribed", "new_email");
        }
        if (moved != null) {
            person.put("email", moved);
        }
        STANDARD.stream()
                .filter(wanted::containsKey)
                .forEach(field -> person.put(field, emptied(wanted.getValue(field))));
        wanted.getJsonObject("custom_fields", new JsonObject())
                .forEach(field -> person.getJsonObject("custom_fields").put(field.getKey(), field.getValue()));
        if (person.getString("status").equals("active")) {
            Set<Object> now = new LinkedHashSet<>(person.getJsonArray("tags").getList());
            now.addAll(wanted.getJsonArray("tags", new JsonArray()).getList());
            wanted.getJsonArray("remove_tags", new JsonArray()).forEach(now::remove);
            now.forEach(tag -> tags.add(tag.toString()));
            person.put("tags", new JsonArray(List.copyOf(now)));
        }
        return list("subscribers", Stream.of(person));
    }

    private static @Nullable Object emptied(Object value) {
        return "".equals(value) ? null : value;
    }

    private Reply event(JsonObject event) {
        return find(event.getString("email", "")) == null
                ? error(422, "presence_error", "Email is missing", "email")
                : new Reply(204, "application/json", "", List.of());
    }

    private static Reply list(String key, Stream<JsonObject> rows) {
        JsonArray array = new JsonArray();
        rows.forEach(array::add);
        return Reply.json(200, new JsonObject().put("links", new JsonObject()).put(key, array));
    }

    private static Reply notFound() {
        return error(404, "not_found_error", "The resource you requested was not found", null);
    }

    private static Reply error(int status, String code, String message, @Nullable String attribute) {
        JsonObject error = new JsonObject().put("code", code).put("message", message);
        return Reply.json(
                status,
                new JsonObject()
                        .put(
                                "errors",
                                new JsonArray().add(attribute == null ? error : error.put("attribute", attribute))));
    }
}
