package io.crmux.connector.fake;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** FluentCRM's wire, as of 2.9.84 on WordPress 6.9. Stateful; one thread calls it. */
public final class FakeFluentCrm extends FakeCrm {

    public static final String USER = "admin";
    public static final String PASSWORD = "abcd efgh ijkl mnop qrst uvwx";

    private static final String ROOT = "/wp-json/fluent-crm/v2/";

    private final Map<Integer, Person> people = new TreeMap<>();
    private final Map<String, JsonObject> tags = new LinkedHashMap<>();
    private int ids;

    public FakeFluentCrm(Vertx vertx) {
        super(vertx);
    }

    /** Of a connection to it. */
    public Map<String, String> settings() {
        return Map.of(
                "url",
                url(),
                "username",
                USER,
                "password",
                PASSWORD,
                "tag_format",
                "slug",
                "default_status",
                "subscribed");
    }

    /** A contact; its tags by slug. */
    private record Person(JsonObject json, JsonObject custom, Set<String> tags) {}

    @Override
    public synchronized String add(String email, String... withTags) {
        Person person = person(email);
        Stream.of(withTags).forEach(title -> person.tags.add(tag(title).getString("slug")));
        return person.json.getValue("id").toString();
    }

    /** Makes a tag, unless it is there; answers with its slug. */
    public synchronized String addTag(String title) {
        return tag(title).getString("slug");
    }

    private Person person(String email) {
        JsonObject json = new JsonObject()
                .put("id", ++ids)
                .put("email", email)
                .put("first_name", "")
                .put("last_name", "")
                .put("status", "subscribed");
        Person person = new Person(json, new JsonObject(), new LinkedHashSet<>());
        people.put(ids, person);
        return person;
    }

    private JsonObject tag(String title) {
        String slug = title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        return tags.computeIfAbsent(
                slug,
                absent -> new JsonObject()
                        .put("id", tags.size() + 1)
                        .put("title", title)
                        .put("slug", slug));
    }

    @Override
    protected synchronized Reply handle(Received call) {
        String pair = Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        if (!call.headers().contains("authorization: Basic " + pair)) {
            return Reply.json(
                    401,
                    new JsonObject("{\"code\":\"rest_forbidden\",\"message\":\"Sorry\",\"data\":{\"status\":401}}"));
        }
        if (!call.path().startsWith(ROOT)) {
            return Reply.json(404, new JsonObject("{\"code\":\"rest_no_route\",\"data\":{\"status\":404}}"));
        }
        String path = call.path().substring(ROOT.length());
        return switch (call.method() + " " + path) {
            case "GET tags" ->
                Reply.json(
                        200,
                        paged(call, "tags", tags.values().stream())
                                .put("all_tags", new JsonArray(List.copyOf(tags.values()))));
            case "POST tags" -> newTag(call.json().getString("title"));
            case "GET lists" ->
                Reply.json(
                        200,
                        paged(
                                call,
                                "lists",
                                Stream.of(new JsonObject().put("id", 1).put("title", "Newsletter"))));
            case "GET custom-fields/contacts" ->
                Reply.json(
                        200,
                        new JsonObject(
                                "{\"fields\":[{\"label\":\"Plan\",\"slug\":\"plan\",\"type\":\"select-one\",\"options\":[\"Free\",\"Pro\"]}]}"));
            case "GET subscribers" -> Reply.json(200, paged(call, "subscribers", tagged(call.query("tags[]"))));
            case "POST subscribers" -> create(call.json());
            case "POST subscribers/sync-segments" -> sync(call.json());
            case "POST subscribers/track-event" ->
                people.containsKey(call.json().getInteger("subscriber_id"))
                        ? Reply.json(
                                200, new JsonObject().put("message", "Tracked").put("id", 1))
                        : notFound(422);
            default ->
                path.endsWith("/send-double-optin")
                        ? Reply.json(200, new JsonObject().put("message", "Sent"))
                        : one(call, path.substring(path.indexOf('/') + 1));
        };
    }

    private static JsonObject paged(Received call, String key, Stream<JsonObject> all) {
        List<JsonObject> rows = all.toList();
        int size = Integer.parseInt(call.query("per_page").get(0));
        int page = call.query("page").isEmpty()
                ? 1
                : Integer.parseInt(call.query("page").get(0));
        JsonArray data =
                new JsonArray(rows.stream().skip((page - 1L) * size).limit(size).toList());
        return new JsonObject()
                .put(
                        key,
                        new JsonObject()
                                .put("total", rows.size())
                                .put("current_page", page)
                                .put("last_page", Math.max(1, (rows.size() + size - 1) / size))
                                .put("data", data));
    }

    private Stream<JsonObject> tagged(List<String> tagIds) {
        return people.values().stream()
                .filter(person -> tagIds.isEmpty()
                        || tagsOf(person)
                                .anyMatch(tag ->
                                        tagIds.contains(tag.getValue("id").toString())))
                .map(Person::json);
    }

    private Stream<JsonObject> tagsOf(Person person) {
        return person.tags.stream().map(tags::get);
    }

    private Reply newTag(String title) {
        int before = tags.size();
        JsonObject tag = tag(title);
        return tags.size() > before
                ? Reply.json(200, new JsonObject().put("item", tag).put("message", "Successfully saved the tag."))
                : Reply.json(
                        422,
                        new JsonObject(
                                "{\"message\":\"Unprocessable Entity!\",\"errors\":{\"slug\":[\"The slug has already been taken.\"]}}"));
    }

    private Reply create(JsonObject wanted) {
        String email = wanted.getString("email", "");
        if (!email.contains("@") || wanted.getString("status") == null) {
            return Reply.json(422, new JsonObject("{\"email\":{\"email\":\"The email must be a valid address.\"}}"));
        }
        if (byEmail(email) != null) {
            return Reply.json(422, new JsonObject("{\"email\":{\"unique\":\"Provided email already assigned.\"}}"));
        }
        return Reply.json(200, set(person(email), wanted).put("action_type", "created"));
    }

    private static JsonObject set(Person person, JsonObject wanted) {
        JsonObject standard = wanted.copy();
        standard.remove("custom_values");
        person.json.mergeIn(standard);
        person.custom.mergeIn(wanted.getJsonObject("custom_values", new JsonObject()));
        return new JsonObject().put("message", "Saved").put("contact", person.json);
    }

    private @Nullable Person byEmail(String email) {
        return people.values().stream()
                .filter(person -> email.equalsIgnoreCase(person.json.getString("email")))
                .findFirst()
                .orElse(null);
    }

    /** What is unknown is skipped. */
    private Reply sync(JsonObject wanted) {
        JsonArray changed = new JsonArray();
        String by = wanted.getString("find_by");
        wanted.getJsonArray("subscribers").stream()
                .map(people::get)
                .filter(person -> person != null)
                .forEach(person -> {
                    slugs(by, wanted.getJsonArray("attach")).forEach(person.tags::add);
                    slugs(by, wanted.getJsonArray("detach")).forEach(person.tags::remove);
                    changed.add(whole(person));
                });
        return Reply.json(200, new JsonObject().put("message", "Updated").put("subscribers", changed));
    }

    private Stream<String> slugs(String by, JsonArray keys) {
        return tags.values().stream()
                .filter(tag -> keys.contains(tag.getValue(by).toString()))
                .map(tag -> tag.getString("slug"));
    }

    private JsonObject whole(Person person) {
        return person.json.copy().put("tags", new JsonArray(tagsOf(person).toList()));
    }

    private Reply one(Received call, String id) {
        boolean byEmail = id.equals("0") && !call.query("get_by_email").isEmpty();
        Person person = byEmail
                ? byEmail(call.query("get_by_email").get(0))
                : id.matches("\\d{1,9}") ? people.get(Integer.parseInt(id)) : null;
        if (person == null) {
            return call.method().equals("GET")
                    ? notFound(422)
                    : Reply.json(404, new JsonObject().put("message", "No query results for model [Subscriber]."));
        }
        switch (call.method()) {
            case "PUT" -> {
                JsonObject wanted = call.json().getJsonObject("subscriber");
                Person other = byEmail(wanted.getString("email", ""));
                return other == null || other == person
                        ? Reply.json(200, set(person, wanted))
                        : Reply.json(
                                422, new JsonObject("{\"email\":{\"unique\":\"Provided email already assigned.\"}}"));
            }
            case "DELETE" -> {
                people.remove(person.json.getInteger("id"));
                return Reply.json(200, new JsonObject().put("message", "Deleted"));
            }
            default -> {
                Object custom = person.custom.isEmpty() ? new JsonArray() : person.custom;
                return Reply.json(
                        200, new JsonObject().put("subscriber", whole(person).put("custom_values", custom)));
            }
        }
    }

    private static Reply notFound(int status) {
        return Reply.json(status, new JsonObject().put("message", "Subscriber not found"));
    }
}
