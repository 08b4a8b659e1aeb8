package io.crmux.connector.fake;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Intercom's wire: API 2.15. Stateful; one thread calls it. */
public final class FakeIntercom extends FakeCrm {

    public static final String KEY = "secret-token-of-intercom";

    private final Map<String, Person> people = new LinkedHashMap<>();
    private final Map<String, String> tags = new LinkedHashMap<>();
    private final Set<String> archived = new LinkedHashSet<>();
    private int ids = 1;

    public FakeIntercom(Vertx vertx) {
        super(vertx);
    }

    /** A contact; its tags by id. */
    private record Person(JsonObject json, Set<String> tags) {}

    @Override
    public synchronized String add(String email, String... withTags) {
        Person person = person("user", email);
        Stream.of(withTags).forEach(tag -> person.tags.add(tag(tag).getString("id")));
        return person.json.getString("id");
    }

    /** Makes a lead; answers with its id. */
    public synchronized String addLead(String email) {
        return person("lead", email).json.getString("id");
    }

    private Person person(String role, String email) {
        String id = String.format("%024x", ++ids);
        JsonObject json = new JsonObject()
                .put("type", "contact")
                .put("id", id)
                .put("role", role)
                .put("email", email)
                .putNull("phone")
                .putNull("name")
                .put("custom_attributes", new JsonObject());
        Person person = new Person(json, new LinkedHashSet<>());
        people.put(id, person);
        return person;
    }

    /** The contact is no more to be found, and in the way of another one with its address. */
    public synchronized void archive(String id) {
        archived.add(id);
    }

    private JsonObject tag(String name) {
        String id = tags.computeIfAbsent(name, absent -> Integer.toString(80 + tags.size()));
        return new JsonObject().put("type", "tag").put("id", id).put("name", name);
    }

    /** It is always the same time, seven seconds before the window's end. */
    @Override
    protected List<String> tell(Received call, int status, int counted) {
        int limit = call.path().equals("/contacts/search") ? 167 : 1666;
        return List.of(
                "Date",
                "Sat, 31 Jan 2026 08:15:03 GMT",
                "X-RateLimit-Limit",
                Integer.toString(limit),
                "X-RateLimit-Remaining",
                left(limit, counted),
                "X-RateLimit-Reset",
                "1769847310");
    }

    @Override
    protected synchronized Reply handle(Received call) {
        if (!call.headers().contains("authorization: Bearer " + KEY)) {
            return error(401, "unauthorized", "Access Token Invalid");
        }
        if (!call.headers().contains("intercom-version: 2.15")) {
            return error(400, "intercom_version_invalid", "The requested version could not be found");
        }
        return switch (call.method() + " " + call.path()) {
            case "GET /me" ->
                Reply.json(
                        200,
                        new JsonObject().put("type", "admin").put("app", new JsonObject().put("id_code", "xyz789")));
            case "GET /tags" -> list("data", tags.keySet().stream().map(this::tag));
            case "POST /tags" -> Reply.json(200, tag(call.json().getString("name")));
            case "GET /data_attributes" ->
                list("data", Stream.of(attribute("plan", "string"), attribute("born_at", "date")));
            case "GET /segments" ->
                Reply.json(
                        200,
                        new JsonObject()
                                .put("type", "segment.list")
                                .put(
                                        "segments",
                                        new JsonArray()
                                                .add(new JsonObject()
                                                        .put("type", "segment")
                                                        .put("id", "56203d253cba154d39010062")
                                                        .put("name", "Active"))));
            case "POST /contacts/search" -> search(call.json());
            case "POST /contacts" -> create(call.json());
            case "POST /events" ->
                people.containsKey(call.json().getString("id")) && call.json().getInteger("created_at") != null
                        ? Reply.empty(202)
                        : error(404, "not_found", "User Not Found");
            default -> one(call, call.path().split("/"));
        };
    }

    private static JsonObject attribute(String name, String type) {
        return new JsonObject()
                .put("type", "data_attribute")
                .put("name", name)
                .put("label", name)
                .put("data_type", type)
                .put("api_writable", true)
                .put("custom", true)
                .put("archived", false);
    }

    private Reply search(JsonObject search) {
        JsonObject query = search.getJsonObject("query");
        Object value = query.getValue("value");
        Predicate<Person> wanted = query.getString("field").equals("tag_id")
                ? person -> person.tags.contains(value)
                : person -> ((JsonArray) value).contains(person.json.getString("email"));
        JsonObject paging = search.getJsonObject("pagination");
        String cursor = paging.getString("starting_after", "0");
        if (!cursor.matches("\\d{1,9}")) {
            return error(400, "parameter_invalid", "starting_after is invalid");
        }
        int start = Integer.parseInt(cursor);
        int size = paging.getInteger("per_page");
        List<JsonObject> found = people.values().stream()
                .filter(person -> !archived.contains(person.json.getString("id")) && wanted.test(person))
                .map(Person::json)
                .toList();
        JsonObject pages = new JsonObject().put("type", "pages").put("per_page", size);
        if (start + size < found.size()) {
            pages.put(
                    "next",
                    new JsonObject().put("per_page", size).put("starting_after", Integer.toString(start + size)));
        }
        Reply list = list("data", found.stream().skip(start).limit(size));
        return Reply.json(
                200,
                new JsonObject(list.body()).put("total_count", found.size()).put("pages", pages));
    }

    private Reply create(JsonObject wanted) {
        String email = wanted.getString("email", "");
        if (!email.contains("@")) {
            return error(400, "parameter_invalid", "email is invalid");
        }
        return taken(email, "").orElseGet(() -> {
            Person person = person(wanted.getString("role"), email.toLowerCase(Locale.ROOT));
            return set(person, wanted.copy());
        });
    }

    private Optional<Reply> taken(String email, String except) {
        return people.values().stream()
                .map(Person::json)
                .filter(json -> email.equalsIgnoreCase(json.getString("email")) && !except.equals(json.getString("id")))
                .findFirst()
                .map(json -> error(
                        409,
                        "conflict",
                        "A" + (archived.contains(json.getString("id")) ? "n archived" : "")
                                + " contact matching those details already exists with id=" + json.getString("id")));
    }

    private static Reply set(Person person, JsonObject wanted) {
        JsonObject custom = wanted.getJsonObject("custom_attributes", new JsonObject());
        wanted.remove("custom_attributes");
        if (wanted.getString("email") != null) {
            wanted.put("email", wanted.getString("email").toLowerCase(Locale.ROOT));
        }
        person.json.mergeIn(wanted);
        person.json.getJsonObject("custom_attributes").mergeIn(custom);
        return Reply.json(200, person.json);
    }

    /** {@code /contacts/{id}}, and what is below it. */
    private Reply one(Received call, String[] path) {
        String id = path.length > 2 ? path[2] : "";
        Person person = people.get(id);
        if (person != null && call.path().endsWith("/unarchive")) {
            archived.remove(id);
            return Reply.json(
                    200, new JsonObject().put("type", "contact").put("id", id).put("archived", false));
        }
        if (person == null || archived.contains(id)) {
            return error(404, "not_found", "User Not Found");
        }
        if (path.length > 3) {
            return tags(call, person, path.length > 4 ? path[4] : null);
        }
        switch (call.method()) {
            case "PUT" -> {
                return taken(call.json().getString("email", ""), id).orElseGet(() -> set(person, call.json()));
            }
            case "DELETE" -> {
                people.remove(id);
                return Reply.json(
                        200,
                        new JsonObject().put("type", "contact").put("id", id).put("deleted", true));
            }
            default -> {
                return Reply.json(200, person.json);
            }
        }
    }

    private Reply tags(Received call, Person person, @Nullable String removed) {
        if (call.method().equals("GET")) {
            return list(
                    "data",
                    tags.keySet().stream().map(this::tag).filter(tag -> person.tags.contains(tag.getString("id"))));
        }
        String id = removed == null ? call.json().getString("id") : removed;
        boolean there = removed == null ? tags.containsValue(id) : person.tags.remove(id);
        if (there && removed == null) {
            person.tags.add(id);
        }
        return tags.keySet().stream()
                .map(this::tag)
                .filter(tag -> there && tag.getString("id").equals(id))
                .findFirst()
                .map(tag -> Reply.json(200, tag.put("applied_at", 1_663_597_223)))
                .orElse(error(404, "not_found", "Resource Not Found"));
    }

    private static Reply list(String key, Stream<JsonObject> rows) {
        JsonArray array = new JsonArray();
        rows.forEach(array::add);
        return Reply.json(200, new JsonObject().put("type", "list").put(key, array));
    }

    private static Reply error(int status, String code, String message) {
        return Reply.json(
                status,
                new JsonObject()
                        .put("type", "error.list")
                        .put("request_id", "33a05108-0000-4000-8000-000000000000")
                        .put(
                                "errors",
                                new JsonArray()
                                        .add(new JsonObject().put("code", code).put("message", message))));
    }
}
