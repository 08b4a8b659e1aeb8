package io.crmux.connector.fake;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Mautic's wire, as of 5.1. Stateful; one thread calls it. */
public final class FakeMautic extends FakeCrm {

    public static final String USER = "api-user";
    public static final String PASSWORD = "secret-password-of-mautic";

    private static final Map<String, String> FIELDS = new LinkedHashMap<>();

    static {
        List.of("email", "firstname", "lastname", "phone", "address1", "address2", "city", "zipcode")
                .forEach(alias -> FIELDS.put(alias, alias.equals("email") ? "email" : "text"));
        FIELDS.put("state", "region");
        FIELDS.put("country", "country");
        FIELDS.put("colours", "multiselect");
        FIELDS.put("member", "boolean");
        FIELDS.put("born", "date");
    }

    private final Map<Integer, Person> people = new TreeMap<>();
    private final Map<String, Integer> tags = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private volatile int hourly;
    private int ids = 46;

    public FakeMautic(Vertx vertx) {
        super(vertx);
    }

    /** A contact. */
    private record Person(int id, JsonObject fields, Set<String> tags) {}

    @Override
    public synchronized String add(String email, String... withTags) {
        Person person = new Person(++ids, new JsonObject(), new TreeSet<>(String.CASE_INSENSITIVE_ORDER));
        FIELDS.keySet().forEach(person.fields::putNull);
        people.put(person.id, person);
        edit(person, new JsonObject().put("email", email).put("tags", new JsonArray(List.of(withTags))));
        return Integer.toString(person.id);
    }

    /** An administrator lets so many calls in an hour; 0 is no limit, as at first. */
    public void limitTo(int calls) {
        hourly = calls;
    }

    @Override
    protected List<String> tell(Received call, int status, int counted) {
        return hourly == 0
                ? List.of()
                : List.of(
                        "Date",
                        "Sat, 31 Jan 2026 08:15:00 GMT",
                        "X-RateLimit-Limit",
                        Integer.toString(hourly),
                        "X-RateLimit-Remaining",
                        left(hourly, counted),
                        "X-RateLimit-Reset",
                        "1769849100");
    }

    @Override
    protected synchronized Reply handle(Received call) {
        String pair = Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        if (call.path().equals("/oauth/v2/token")) {
            return token(call);
        }
        if (!call.headers().contains("authorization: Basic " + pair) && !isLetIn(call)) {
            return error(401, "API authorization denied.");
        }
        return switch (call.method() + " " + call.path()) {
            case "GET /api/tags" -> list(call, "tags", tags.keySet().stream().map(this::tag), false);
            case "POST /api/tags/new" ->
                Reply.json(
                        201, new JsonObject().put("tag", tag(named(call.json().getString("tag")))));
            case "GET /api/fields/contact" ->
                list(call, "fields", FIELDS.keySet().stream().map(FakeMautic::field), true);
            case "GET /api/segments" ->
                list(call, "lists", Stream.of(new JsonObject().put("id", 1).put("name", "Newsletter")), true);
            case "GET /api/contacts" -> contacts(call);
            case "POST /api/contacts/new" -> create(call.json());
            case "PATCH /api/contacts/batch/edit" -> edits(new JsonArray(call.body()));
            default -> one(call, call.path().split("/"));
        };
    }

    private static JsonObject field(String alias) {
        return new JsonObject()
                .put("id", alias.hashCode())
                .put("alias", alias)
                .put("label", alias)
                .put("type", FIELDS.get(alias))
                .put("group", "core")
                .put("isPublished", true);
    }

    private JsonObject tag(String name) {
        return new JsonObject().put("id", tags.get(name)).put("tag", name).putNull("description");
    }

    /** Names pass an HTML filter. */
    private String named(String tag) {
        String filtered = tag.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace("\"", "&#34;")
                .replace("'", "&#39;");
        tags.computeIfAbsent(filtered, absent -> tags.size() + 1);
        return tags.keySet().stream()
                .filter(filtered::equalsIgnoreCase)
                .findFirst()
                .orElse(filtered);
    }

    private Reply contacts(Received call) {
        List<String> wanted = call.query("where[0][val]");
        List<String> search = call.query("search");
        return list(
                call,
                "contacts",
                people.values().stream()
                        .filter(person ->
                                wanted.isEmpty() || wanted.get(0).equalsIgnoreCase(person.fields.getString("email")))
                        .filter(person -> search.isEmpty()
                                || person.tags.stream()
                                        .anyMatch(tag -> search.get(0).equals("tag:\"+" + tag + "\"")))
                        .map(this::json),
                true);
    }

    /** No rows are an empty array; some are an object where they are known by their ids. */
    private static Reply list(Received call, String key, Stream<JsonObject> all, boolean byId) {
        List<JsonObject> rows = all.toList();
        int start = call.query("start").isEmpty()
                ? 0
                : Integer.parseInt(call.query("start").get(0));
        List<JsonObject> page = rows.stream()
                .skip(start)
                .limit(Integer.parseInt(call.query("limit").get(0)))
                .toList();
        JsonObject named = new JsonObject();
        page.forEach(row -> named.put(String.valueOf(row.getValue("id")), row));
        return Reply.json(
                200,
                new JsonObject()
                        .put("total", Integer.toString(rows.size()))
                        .put(key, byId && !page.isEmpty() ? named : new JsonArray(page)));
    }

    private Reply one(Received call, String[] path) {
        Person person = path.length > 3 && path[3].matches("\\d{1,9}") ? people.get(Integer.parseInt(path[3])) : null;
        if (person == null) {
            return error(404, "Item was not found.");
        }
        if (call.method().equals("PATCH")) {
            return edit(person, call.json());
        }
        JsonObject answer = new JsonObject().put("contact", json(person));
        if (call.method().equals("DELETE")) {
            people.remove(person.id);
        }
        return Reply.json(200, answer);
    }

    private Reply create(JsonObject wanted) {
        String email = wanted.getString("email", "");
        if (!email.contains("@")) {
            return error(400, "email: This field is not a valid email.");
        }
        Person known = byEmail(email);
        if (known != null) {
            return edit(known, wanted);
        }
        Person person = people.get(Integer.parseInt(add(email)));
        return person == null
                ? error(500, "lost")
                : new Reply(201, "application/json", edit(person, wanted).body(), List.of());
    }

    private @Nullable Person byEmail(String email) {
        return people.values().stream()
                .filter(person -> email.equalsIgnoreCase(person.fields.getString("email")))
                .findFirst()
                .orElse(null);
    }

    private Reply edits(JsonArray wanted) {
        JsonObject edited = new JsonObject();
        JsonObject errors = new JsonObject();
        JsonArray codes = new JsonArray();
        for (int i = 0; i < wanted.size(); i++) {
            String id = String.valueOf(wanted.getJsonObject(i).getValue("id"));
            Person person = id.matches("\\d{1,9}") ? people.get(Integer.parseInt(id)) : null;
            codes.add(person == null ? 404 : 200);
            if (person == null) {
                errors.put(
                        Integer.toString(i),
                        new JsonObject()
                                .put("code", 404)
                                .put("message", "Item was not found.")
                                .putNull("type"));
            } else {
                edit(person, wanted.getJsonObject(i));
                edited.put(Integer.toString(i), json(person));
            }
        }
        return Reply.json(
                200,
                new JsonObject()
                        .put("contacts", edited.isEmpty() ? new JsonArray() : edited)
                        .put("statusCodes", codes)
                        .put("errors", errors.isEmpty() ? new JsonArray() : errors));
    }

    private Reply edit(Person person, JsonObject wanted) {
        boolean empties = wanted.getBoolean("overwriteWithBlank", false);
        wanted.stream()
                .filter(field -> FIELDS.containsKey(field.getKey()) && (empties || !"".equals(field.getValue())))
                .forEach(field -> person.fields.put(field.getKey(), stored(field.getValue())));
        for (Object each : wanted.getJsonArray("tags", new JsonArray())) {
            String tag = each.toString();
            if (tag.startsWith("-")) {
                person.tags.remove(named(tag.substring(1)));
            } else {
                person.tags.add(named(tag));
            }
        }
        return Reply.json(200, new JsonObject().put("contact", json(person)));
    }

    private static @Nullable Object stored(Object value) {
        if (value instanceof JsonArray chosen) {
            return String.join("|", chosen.stream().map(Object::toString).toList());
        }
        return value.equals("") ? null : value;
    }

    private JsonObject json(Person person) {
        JsonObject core = new JsonObject();
        FIELDS.keySet().forEach(alias -> core.put(alias, field(alias).put("value", person.fields.getValue(alias))));
        JsonArray named = new JsonArray();
        person.tags.forEach(tag -> named.add(tag(tag)));
        return new JsonObject()
                .put("id", person.id)
                .put("tags", named)
                .put(
                        "fields",
                        new JsonObject()
                                .put("core", core)
                                .put("social", new JsonArray())
                                .put("all", person.fields.copy().put("id", person.id)));
    }

    private static Reply error(int status, String message) {
        JsonObject error = new JsonObject()
                .put("code", status)
                .put("message", message)
                .put("details", new JsonArray())
                .putNull("type");
        return Reply.json(status, new JsonObject().put("errors", new JsonArray().add(error)));
    }
}
