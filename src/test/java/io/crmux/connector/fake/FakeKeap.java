package io.crmux.connector.fake;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keap's wire: REST v2, and v1 for a contact's tags. Stateful; one thread calls it. */
public final class FakeKeap extends FakeCrm {

    public static final String KEY = "KeapAK-secret";

    private static final String ROOT = "/crm/rest/";
    private static final List<String> SLOTS = List.of("email_addresses", "phone_numbers", "addresses");

    private final Map<Integer, Person> people = new TreeMap<>();
    private final Map<Integer, String> tags = new TreeMap<>();
    private int ids = 4710;
    private volatile boolean tellsOutcomes;

    public FakeKeap(Vertx vertx) {
        super(vertx);
    }

    /** A contact: what has places by place, and its tags by id. */
    private record Person(int id, JsonObject plain, Map<String, Map<String, JsonObject>> slots, Set<Integer> tags) {}

    /** Whether applying a tag to many contacts tells what became of each; at first it does not. */
    public void tellsOutcomes(boolean tells) {
        tellsOutcomes = tells;
    }

    /** Where the API is. */
    public String api() {
        return url() + "/crm/rest";
    }

    @Override
    public synchronized String add(String email, String... withTags) {
        Person person = person();
        JsonObject row = new JsonObject().put("field", "EMAIL1").put("email", email);
        change(person, new JsonObject().put("email_addresses", new JsonArray().add(row)));
        Stream.of(withTags).forEach(tag -> person.tags.add(tag(tag)));
        return Integer.toString(person.id);
    }

    /** Makes a tag, unless it is there; answers with its id. */
    public synchronized String addTag(String name) {
        return Integer.toString(tag(name));
    }

    private int tag(String name) {
        return tags.entrySet().stream()
                .filter(tag -> tag.getValue().equals(name))
                .findFirst()
                .map(Map.Entry::getKey)
                .orElseGet(() -> {
                    int id = 91 + tags.size();
                    tags.put(id, name);
                    return id;
                });
    }

    private Person person() {
        Person person = new Person(++ids, new JsonObject(), new LinkedHashMap<>(), new TreeSet<>());
        people.put(person.id, person);
        return person;
    }

    /** Who refreshes a token is known by user and password, and not by the form. */
    private static boolean isProved(Received call) {
        return !call.form("grant_type").contains("refresh_token")
                || call.headers().stream().anyMatch(header -> header.startsWith("authorization: Basic "));
    }

    @Override
    protected List<String> tell(Received call, int status, int counted) {
        return Stream.of(
                        limit("product-quota", 30_000, "day", counted),
                        limit("product-throttle", 240, "minute", counted),
                        limit("tenant-throttle", 10_000, "minute", counted))
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> limit(String name, int limit, String unit, int counted) {
        String prefix = "x-keap-" + name + "-";
        return List.of(
                prefix + "limit",
                Integer.toString(limit),
                prefix + "available",
                left(limit, counted),
                prefix + "used",
                Integer.toString(counted),
                prefix + "time-unit",
                unit,
                prefix + "interval",
                "1");
    }

    @Override
    protected synchronized Reply handle(Received call) {
        if (call.path().equals("/token")) {
            return isProved(call) ? token(call) : Reply.json(401, new JsonObject().put("error", "invalid_client"));
        }
        if (!call.headers().contains("x-keap-api-key: " + KEY) && !isLetIn(call)) {
            return Reply.json(
                    401,
                    new JsonObject(
                            "{\"fault\":{\"faultstring\":\"Invalid access token\",\"detail\":{\"errorcode\":\"oauth.v2.InvalidAccessToken\"}}}"));
        }
        String path = call.path().substring(ROOT.length());
        return switch (call.method() + " " + path) {
            case "GET v2/tags" -> list(call, "tags", tags.keySet().stream().map(this::json));
            case "POST v2/tags" -> Reply.json(201, json(tag(call.json().getString("name"))));
            case "GET v2/tags/categories" ->
                list(
                        call,
                        "tag_categories",
                        Stream.of(new JsonObject().put("id", "5").put("name", "Customers")));
            case "GET v2/contacts/model" ->
                Reply.json(
                        200,
                        new JsonObject(
                                "{\"custom_fields\":[{\"id\":\"7\",\"label\":\"Plan\",\"field_type\":\"TEXT\",\"options\":[]},"
                                        + "{\"id\":\"8\",\"label\":\"Born\",\"field_type\":\"DATE\",\"options\":[]}]}"));
            case "GET v2/contacts" ->
                list(call, "contacts", wanted(call.query("filter")).map(person -> json(person, call)));
            case "POST v2/contacts" -> create(call);
            default -> path.startsWith("v2/tags/") ? tag(call, path.split("/")) : one(call, path.split("/"));
        };
    }

    private JsonObject json(int tag) {
        return new JsonObject()
                .put("id", Integer.toString(tag))
                .put("name", tags.get(tag))
                .put("category", new JsonObject().put("id", "5"));
    }

    /** What is not asked for is left out. */
    private static JsonObject json(Person person, Received call) {
        JsonObject json = person.plain.copy().put("id", Integer.toString(person.id));
        List<String> fields = call.query("fields").isEmpty()
                ? List.of()
                : List.of(call.query("fields").get(0).split(","));
        SLOTS.stream()
                .filter(fields::contains)
                .forEach(slot -> json.put(
                        slot,
                        new JsonArray(List.copyOf(
                                person.slots.getOrDefault(slot, Map.of()).values()))));
        if (fields.contains("tag_ids")) {
            json.put(
                    "tag_ids",
                    new JsonArray(person.tags.stream().map(String::valueOf).toList()));
        }
        return json;
    }

    private Stream<Person> wanted(List<String> filter) {
        if (!filter.isEmpty() && filter.get(0).startsWith("ids==")) {
            return Stream.of(filter.get(0).substring("ids==".length()).split(","))
                    .map(this::person)
                    .filter(person -> person != null);
        }
        return people.values().stream()
                .filter(person -> filter.isEmpty() || has(person, filter.get(0).substring("email==".length())));
    }

    private @Nullable Person person(String id) {
        return id.matches("\\d{1,9}") ? people.get(Integer.valueOf(id)) : null;
    }

    private static boolean has(Person person, String email) {
        return person.slots.getOrDefault("email_addresses", Map.of()).values().stream()
                .anyMatch(row -> email.equalsIgnoreCase(row.getString("email")));
    }

    private static Reply list(Received call, String key, Stream<JsonObject> all) {
        List<JsonObject> rows = all.toList();
        int size = call.query("page_size").isEmpty()
                ? 100
                : Integer.parseInt(call.query("page_size").get(0));
        String cursor = call.query("page_token").stream().findFirst().orElse("0");
        if (!cursor.matches("\\d{1,9}")) {
            return error(400, "INVALID_ARGUMENT", "Invalid page token");
        }
        int start = Integer.parseInt(cursor);
        JsonArray page = new JsonArray(rows.stream().skip(start).limit(size).toList());
        return Reply.json(
                200,
                new JsonObject()
                        .put(key, page)
                        .put("next_page_token", start + size < rows.size() ? Integer.toString(start + size) : ""));
    }

    private Reply create(Received call) {
        JsonObject wanted = call.json();
        String email = wanted.getJsonArray("email_addresses").getJsonObject(0).getString("email");
        if (!email.contains("@")) {
            return error(400, "INVALID_ARGUMENT", "Invalid email address");
        }
        Person known = call.query("duplicate_option").contains("Email")
                ? wanted(List.of("email==" + email)).findFirst().orElse(null)
                : null;
        Person person = known == null ? person() : known;
        change(person, wanted);
        return Reply.json(known == null ? 201 : 200, json(person, call));
    }

    /** What has places is replaced place by place; an empty text clears. */
    private static void change(Person person, JsonObject wanted) {
        wanted.forEach(member -> {
            if (SLOTS.contains(member.getKey())) {
                rows(member.getValue())
                        .forEach(row -> person.slots
                                .computeIfAbsent(member.getKey(), absent -> new TreeMap<>())
                                .put(row.getString("field"), row));
            } else if (member.getKey().equals("custom_fields")) {
                JsonArray merged = new JsonArray();
                Map<String, JsonObject> byId = new TreeMap<>();
                rows(person.plain.getJsonArray("custom_fields", new JsonArray()))
                        .forEach(row -> byId.put(row.getString("id"), row));
                rows(member.getValue()).forEach(row -> byId.put(row.getString("id"), row));
                byId.values().forEach(merged::add);
                person.plain.put("custom_fields", merged);
            } else {
                person.plain.put(member.getKey(), member.getValue());
            }
        });
    }

    private static Stream<JsonObject> rows(Object array) {
        return ((JsonArray) array).stream().map(JsonObject.class::cast);
    }

    /** {@code v2/tags/{id}/contacts}, and what is done to many of them. */
    private Reply tag(Received call, String[] path) {
        int tag = Integer.parseInt(path[2]);
        if (!tags.containsKey(tag)) {
            return error(404, "NOT_FOUND", "Tag not found");
        }
        return switch (path[3]) {
            case "contacts:applyTags" -> {
                JsonObject results = new JsonObject();
                ids(call).forEach(id -> results.put(id, outcome(person(id), tag)));
                yield Reply.json(200, new JsonObject().put("results", tellsOutcomes ? results : new JsonObject()));
            }
            case "contacts:removeTags" -> {
                ids(call).map(this::person).filter(person -> person != null).forEach(person -> person.tags.remove(tag));
                yield Reply.empty(204);
            }
            default ->
                list(
                        call,
                        "contacts",
                        people.values().stream()
                                .filter(person -> person.tags.contains(tag))
                                .map(person -> new JsonObject().put("id", Integer.toString(person.id))));
        };
    }

    private static Stream<String> ids(Received call) {
        return call.json().getJsonArray("contact_ids").stream().map(String.class::cast);
    }

    /** {@code v2/contacts/{id}}, and its tags. */
    private Reply one(Received call, String[] path) {
        Person person = person(path[2]);
        if (path[0].equals("v1")) {
            return call.method().equals("POST") ? apply(call, person) : remove(call, person);
        }
        if (person == null) {
            return error(404, "NOT_FOUND", "Contact not found");
        }
        if (path.length > 3) {
            return list(call, "tags", person.tags.stream().map(tag -> new JsonObject().put("tag", json(tag))));
        }
        if (call.method().equals("PATCH")) {
            change(person, call.json());
        } else if (call.method().equals("DELETE")) {
            people.remove(person.id);
            return Reply.empty(204);
        }
        return Reply.json(200, json(person, call));
    }

    private Reply apply(Received call, @Nullable Person person) {
        JsonArray outcomes = new JsonArray();
        call.json().getJsonArray("tagIds").stream()
                .map(Integer.class::cast)
                .forEach(tag -> outcomes.add(new JsonObject().put("key", outcome(person, tag))));
        return new Reply(200, "application/json", outcomes.encode(), List.of());
    }

    private String outcome(@Nullable Person person, int tag) {
        if (person == null) {
            return "CONTACT_NOT_FOUND";
        }
        if (!tags.containsKey(tag)) {
            return "TAG_ID_NOT_FOUND";
        }
        return person.tags.add(tag) ? "SUCCESS" : "DUPLICATE";
    }

    private static Reply remove(Received call, @Nullable Person person) {
        if (person == null) {
            return Reply.json(404, new JsonObject().put("message", "Contact not found"));
        }
        Stream.of(call.query("ids").get(0).split(",")).map(Integer::valueOf).forEach(person.tags::remove);
        return Reply.empty(204);
    }

    private static Reply error(int code, String status, String message) {
        return Reply.json(
                code,
                new JsonObject()
                        .put("code", code)
                        .put("message", message)
                        .put("status", status)
                        .put("details", new JsonArray()));
    }
}
