package io.crmux.connector.fake;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** EmailOctopus' wire: API v2, with one list. Stateful; one thread calls it. */
public final class FakeEmailOctopus extends FakeCrm {

    public static final String KEY = "eo_secret-key";
    public static final String LIST = "5f0d2c4e-0000-4000-8000-00000000aaaa";

    private static final JsonArray FIELDS = new JsonArray()
            .add(field("FirstName", "First name", "text"))
            .add(field("LastName", "Last name", "text"))
            .add(field("birthday", "Birthday", "date"))
            .add(field("pets", "How many pets", "number"))
            .add(field("town", "Town", "text"))
            .add(field("colours", "Colours", "choice_multiple").put("choices", new JsonArray(List.of("red", "green"))));

    private final Map<String, JsonObject> people = new LinkedHashMap<>();
    private final Set<String> tags = new TreeSet<>();
    private int ids = 0;

    public FakeEmailOctopus(Vertx vertx) {
        super(vertx);
    }

    private static JsonObject field(String tag, String label, String type) {
        return new JsonObject().put("tag", tag).put("label", label).put("type", type);
    }

    /** Makes a subscribed contact. */
    @Override
    public synchronized String add(String email, String... withTags) {
        JsonObject person = new JsonObject()
                .put("id", String.format("00000000-0000-4000-8000-%012d", ++ids))
                .put("email_address", email)
                .put("fields", new JsonObject())
                .put("tags", new JsonArray())
                .put("status", "subscribed")
                .put("created_at", "2026-01-01T00:00:00+00:00")
                .put("last_updated_at", "2026-01-01T00:00:00+00:00");
        people.put(person.getString("id"), person);
        tag(person, List.of(withTags), true);
        return person.getString("id");
    }

    /** From now on the contact has this status. */
    public synchronized void status(String id, String status) {
        people.computeIfPresent(id, (key, person) -> person.put("status", status));
    }

    /** A contact's status. */
    public synchronized String status(String id) {
        JsonObject person = people.get(id);
        return person == null ? "" : person.getString("status");
    }

    @Override
    protected List<String> tell(Received call, int status, int counted) {
        return List.of("X-RateLimiting-Remaining", left(100, counted));
    }

    @Override
    protected synchronized Reply handle(Received call) {
        if (!call.headers().contains("authorization: Bearer " + KEY)) {
            return error(401, "unauthorized", "Invalid key.");
        }
        if (call.path().equals("/lists")) {
            return page(call, List.of(list()));
        }
        String root = "/lists/" + LIST;
        if (!call.path().startsWith(root)) {
            return error(403, "access-denied", "Access denied.");
        }
        String path = call.path().substring(root.length());
        return switch (call.method() + " " + path) {
            case "GET " -> Reply.json(200, list());
            case "GET /tags" ->
                page(
                        call,
                        tags.stream()
                                .map(tag -> new JsonObject().put("tag", tag))
                                .toList());
            case "POST /tags" -> createTag(call.json().getString("tag"));
            case "GET /contacts" -> contacts(call);
            case "POST /contacts" -> create(call.json());
            case "PUT /contacts/batch" -> batch(call.json().getJsonArray("contacts"));
            default -> one(call, path);
        };
    }

    private static JsonObject list() {
        return new JsonObject()
                .put("id", LIST)
                .put("name", "Acme's list")
                .put("double_opt_in", false)
                .put("fields", FIELDS);
    }

    private Reply createTag(String name) {
        return tags.add(name)
                ? Reply.json(201, new JsonObject().put("tag", name))
                : error(409, "conflict", "Resource already exists.");
    }

    private Reply one(Received call, String path) {
        JsonObject person = path.startsWith("/contacts/") ? find(path.substring("/contacts/".length())) : null;
        if (person == null) {
            return error(404, "not-found", "Resource not found.");
        }
        return switch (call.method()) {
            case "GET" -> Reply.json(200, person);
            case "DELETE" -> {
                people.remove(person.getString("id"));
                yield Reply.empty(204);
            }
            default -> change(person, call.json());
        };
    }

    private @Nullable JsonObject find(String idOrHash) {
        return people.containsKey(idOrHash)
                ? people.get(idOrHash)
                : people.values().stream()
                        .filter(person -> idOrHash.equals(md5(person.getString("email_address"))))
                        .findFirst()
                        .orElse(null);
    }

    private static String md5(String email) {
        try {
            byte[] address = email.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(address));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Reply contacts(Received call) {
        String tag = call.query("tag").get(0);
        String status = call.query("status").stream().findFirst().orElse("subscribed");
        return page(
                call,
                people.values().stream()
                        .filter(person -> person.getString("status").equals(status))
                        .filter(person -> person.getJsonArray("tags").contains(tag))
                        .toList());
    }

    /** The cursor says how many were shown. */
    private static Reply page(Received call, List<JsonObject> all) {
        String cursor = call.query("starting_after").stream().findFirst().orElse("0");
        if (!cursor.matches("\\d{1,9}")) {
            return error(400, "bad-request", "The cursor is invalid.");
        }
        int from = Integer.parseInt(cursor);
        int to =
                Math.min(all.size(), from + Integer.parseInt(call.query("limit").get(0)));
        JsonObject paging = new JsonObject();
        if (to < all.size()) {
            String after = Integer.toString(to);
            paging.put(
                    "next",
                    new JsonObject()
                            .put("url", "https://api.emailoctopus.com" + call.path() + "?starting_after=" + after)
                            .put("starting_after", after));
        }
        return Reply.json(
                200,
                new JsonObject()
                        .put("data", new JsonArray(all.subList(Math.min(from, to), to)))
                        .put("paging", paging));
    }

    private Reply create(JsonObject wanted) {
        String email = wanted.getString("email_address", "");
        if (find(md5(email)) != null) {
            return error(409, "conflict", "Resource already exists.");
        }
        if (!email.matches("[^@]+@[^@]+\\.[^@]+")) {
            return invalid("This value is not a valid email address.", "/email_address");
        }
        JsonObject person = find(add(email));
        if (person == null) {
            throw new IllegalStateException("just made");
        }
        tag(person, wanted.getJsonArray("tags", new JsonArray()).getList(), true);
        wanted.remove("tags");
        Reply changed = change(person, wanted);
        return new Reply(
                changed.status() == 200 ? 201 : changed.status(), "application/json", changed.body(), List.of());
    }

    private Reply change(JsonObject person, JsonObject wanted) {
        String email = wanted.getString("email_address", person.getString("email_address"));
        JsonObject taken = find(md5(email));
        if (taken != null && taken != person) {
            return error(409, "conflict", "Resource already exists.");
        }
        JsonObject fields = wanted.getJsonObject("fields", new JsonObject());
        if (fields.fieldNames().stream()
                .anyMatch(name ->
                        FIELDS.stream().noneMatch(field -> name.equals(((JsonObject) field).getString("tag"))))) {
            return invalid("This field does not exist.", "/fields");
        }
        fields.forEach(field -> {
            if (field.getValue() == null) {
                person.getJsonObject("fields").remove(field.getKey());
            } else {
                person.getJsonObject("fields").put(field.getKey(), field.getValue());
            }
        });
        person.put("email_address", email).put("status", wanted.getString("status", person.getString("status")));
        wanted.getJsonObject("tags", new JsonObject())
                .forEach(tag -> tag(person, List.of(tag.getKey()), (Boolean) tag.getValue()));
        return Reply.json(200, person);
    }

    private void tag(JsonObject person, List<?> names, boolean has) {
        for (Object name : names) {
            tags.add(name.toString());
            person.getJsonArray("tags").remove(name);
            if (has) {
                person.getJsonArray("tags").add(name);
            }
        }
    }

    private Reply batch(JsonArray contacts) {
        JsonArray success = new JsonArray();
        JsonArray errors = new JsonArray();
        contacts.stream().map(JsonObject.class::cast).forEach(wanted -> {
            JsonObject person = people.get(wanted.getString("id"));
            Reply reply = person == null ? error(404, "not-found", "Resource not found.") : change(person, wanted);
            if (reply.status() == 200) {
                success.add(new JsonObject().put("success", true).put("data", person));
            } else {
                errors.add(new JsonObject()
                        .put("success", false)
                        .put("id", wanted.getString("id"))
                        .put("type", reply.status() == 404 ? "not_found" : "invalid_field")
                        .put("title", "An error occurred.")
                        .put("detail", "Resource not found.")
                        .put("status", reply.status())
                        .putNull("data"));
            }
        });
        return Reply.json(200, new JsonObject().put("success", success).put("errors", errors));
    }

    private static Reply invalid(String detail, String pointer) {
        JsonObject error = new JsonObject().put("detail", detail).put("pointer", pointer);
        JsonObject body = new JsonObject(
                error(422, "unprocessable-content", "Unprocessable content.").body());
        return Reply.json(422, body.put("errors", new JsonArray(Stream.of(error).toList())));
    }

    private static Reply error(int status, String type, String detail) {
        return Reply.json(
                status,
                new JsonObject()
                        .put("title", "An error occurred.")
                        .put("detail", detail)
                        .put("status", Integer.toString(status))
                        .put("type", "https://emailoctopus.com/api-documentation/v2#" + type));
    }
}
