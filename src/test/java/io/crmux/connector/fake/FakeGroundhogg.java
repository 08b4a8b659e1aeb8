package io.crmux.connector.fake;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Groundhogg's wire, as of 4.7.1 on WordPress 6.9. Stateful; one thread calls it. */
public final class FakeGroundhogg extends FakeCrm {

    public static final String USER = "admin";
    public static final String PASSWORD = "abcd efgh ijkl mnop qrst uvwx";

    private static final String ROOT = "/wp-json/gh/v4/";

    private final Map<Integer, Person> people = new TreeMap<>();
    private final Map<Integer, String> tags = new TreeMap<>();
    private int ids = 40;

    public FakeGroundhogg(Vertx vertx) {
        super(vertx);
    }

    /** Of a connection to it. */
    public Map<String, String> settings() {
        return Map.of("url", url(), "username", USER, "password", PASSWORD, "default_status", "2");
    }

    /** A contact; its tags by id. */
    private record Person(int id, JsonObject data, JsonObject meta, Set<Integer> tags) {}

    @Override
    public synchronized String add(String email, String... withTags) {
        Person person = person(email);
        Stream.of(withTags).forEach(tag -> person.tags.add(tag(tag)));
        return Integer.toString(person.id);
    }

    private Person person(String email) {
        JsonObject data =
                new JsonObject().put("email", email).put("first_name", "").put("last_name", "");
        Person person = new Person(++ids, data, new JsonObject(), new TreeSet<>());
        people.put(person.id, person);
        return person;
    }

    /** Makes a tag, unless it is there; answers with its id. */
    public synchronized String addTag(String name) {
        return Integer.toString(tag(name));
    }

    /** The opt-in status of a contact. */
    public synchronized @Nullable Integer status(String id) {
        Person person = find(id);
        return person == null ? null : person.data.getInteger("optin_status");
    }

    /** Names are equal when their slugs are. */
    private int tag(String name) {
        return tags.entrySet().stream()
                .filter(tag -> slug(tag.getValue()).equals(slug(name)))
                .findFirst()
                .map(Map.Entry::getKey)
                .orElseGet(() -> {
                    tags.put(tags.size() + 1, name);
                    return tags.size();
                });
    }

    private static String slug(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    @Override
    protected synchronized Reply handle(Received call) {
        String pair = Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        if (!call.headers().contains("authorization: Basic " + pair)) {
            return error(401, "incorrect_password", "The provided password is an invalid application password.");
        }
        if (!call.path().startsWith(ROOT)) {
            return error(404, "rest_no_route", "No route was found matching the URL and request method.");
        }
        String path = call.path().substring(ROOT.length());
        return switch (call.method() + " " + path) {
            case "GET tags" -> list(call, tags.keySet().stream().map(this::json));
            case "POST tags" -> item(json(tag(call.json().getString("tag_name"))));
            case "GET fields" ->
                list(
                        call,
                        Stream.of(new JsonObject(
                                "{\"id\":\"plan\",\"label\":\"Plan\",\"type\":\"text\",\"group\":\"1\"}")));
            case "GET contacts" ->
                list(
                        call,
                        people.values().stream()
                                .filter(person -> wanted(person, call))
                                .map(this::json));
            case "POST contacts" -> upsert(call.json());
            case "PATCH contacts" -> patches(call.array());
            case "POST activity" ->
                people.containsKey(call.json().getJsonObject("data").getInteger("contact_id"))
                        ? item(new JsonObject().put("ID", 1))
                        : error(404, "error", "contact not found.");
            default -> one(call, path.split("/"));
        };
    }

    private JsonObject json(int tag) {
        return new JsonObject()
                .put("ID", tag)
                .put(
                        "data",
                        new JsonObject()
                                .put("tag_id", tag)
                                .put("tag_slug", slug(String.valueOf(tags.get(tag))))
                                .put("tag_name", tags.get(tag)));
    }

    private JsonObject json(Person person) {
        return new JsonObject()
                .put("ID", person.id)
                .put("data", person.data)
                .put("meta", person.meta.isEmpty() ? new JsonArray() : person.meta)
                .put("tags", new JsonArray(person.tags.stream().map(this::json).toList()));
    }

    private static boolean wanted(Person person, Received call) {
        List<String> email = call.query("email");
        List<String> tag = call.query("tags_include");
        return (email.isEmpty() || email.get(0).equalsIgnoreCase(person.data.getString("email")))
                && (tag.isEmpty() || person.tags.contains(Integer.valueOf(tag.get(0))));
    }

    private static Reply list(Received call, Stream<JsonObject> all) {
        List<JsonObject> rows = all.toList();
        int offset = call.query("offset").isEmpty()
                ? 0
                : Integer.parseInt(call.query("offset").get(0));
        List<JsonObject> page = rows.stream()
                .skip(offset)
                .limit(Integer.parseInt(call.query("limit").get(0)))
                .toList();
        return Reply.json(
                200,
                new JsonObject()
                        .put("total_items", rows.size())
                        .put("items", new JsonArray(page))
                        .put("status", "success"));
    }

    private Reply upsert(JsonObject wanted) {
        String email = wanted.getJsonObject("data").getString("email", "");
        if (!email.contains("@")) {
            return error(400, "invalid_email", "Invalid email address.");
        }
        Person known = byEmail(email);
        Person person = known == null ? person(email) : known;
        change(person, wanted);
        return item(json(person));
    }

    private @Nullable Person byEmail(String email) {
        return people.values().stream()
                .filter(person -> email.equalsIgnoreCase(person.data.getString("email")))
                .findFirst()
                .orElse(null);
    }

    /** Who is unknown is skipped. */
    private Reply patches(JsonArray wanted) {
        JsonArray items = new JsonArray();
        wanted.stream().map(JsonObject.class::cast).forEach(each -> {
            Person person = people.get(each.getInteger("ID"));
            if (person != null) {
                change(person, each);
                items.add(json(person));
            }
        });
        return Reply.json(200, new JsonObject().put("items", items).put("status", "success"));
    }

    /** Tags that are unknown are ignored. */
    private boolean change(Person person, JsonObject wanted) {
        String before = json(person).encode();
        person.data.mergeIn(wanted.getJsonObject("data", new JsonObject()));
        person.meta.mergeIn(wanted.getJsonObject("meta", new JsonObject()));
        wanted.getJsonArray("apply_tags", new JsonArray()).stream()
                .map(Integer.class::cast)
                .filter(tags::containsKey)
                .forEach(person.tags::add);
        wanted.getJsonArray("remove_tags", new JsonArray()).forEach(person.tags::remove);
        return !before.equals(json(person).encode());
    }

    private @Nullable Person find(String id) {
        return id.matches("\\d{1,9}") ? people.get(Integer.parseInt(id)) : null;
    }

    private Reply one(Received call, String[] path) {
        Person person = path.length > 1 ? find(path[1]) : null;
        if (person == null) {
            return error(404, "error", "Not found.");
        }
        if (path.length > 2) {
            return tags(call, person);
        }
        return switch (call.method()) {
            case "PATCH" -> patch(person, call.json());
            case "DELETE" -> {
                people.remove(person.id);
                yield Reply.json(200, new JsonObject().put("status", "success"));
            }
            default -> item(json(person));
        };
    }

    private Reply patch(Person person, JsonObject wanted) {
        Person other = byEmail(wanted.getJsonObject("data").getString("email", ""));
        if (other != null && other != person) {
            return error(409, "error", "Email address already in use.");
        }
        return change(person, wanted) ? item(json(person)) : error(401, "no_changes", "No changes were made.");
    }

    private Reply tags(Received call, Person person) {
        change(person, new JsonObject().put(call.method().equals("POST") ? "apply_tags" : "remove_tags", call.array()));
        return Reply.json(
                200,
                new JsonObject()
                        .put("tags", new JsonArray(List.copyOf(person.tags)))
                        .put("status", "success"));
    }

    private static Reply item(JsonObject item) {
        return Reply.json(200, new JsonObject().put("item", item).put("status", "success"));
    }

    private static Reply error(int status, String code, String message) {
        return Reply.json(
                status,
                new JsonObject()
                        .put("code", code)
                        .put("message", message)
                        .put("data", new JsonObject().put("status", status)));
    }
}
