package io.crmux.connector.fake;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Klaviyo's wire: JSON:API at revision 2026-07-15, the calls that crmux makes. Stateful; one thread calls it. */
public final class FakeKlaviyo extends FakeCrm {

    public static final String KEY = "pk_0123456789abcdef";

    private static final String API = "/api/";

    private final Map<String, JsonObject> profiles = new LinkedHashMap<>();
    private final Map<String, Group> lists = new LinkedHashMap<>();
    private final Map<String, Group> segments = new LinkedHashMap<>();
    private final Set<String> consents = new LinkedHashSet<>();
    private int ids;

    private record Group(String id, String type, String name, Set<String> members) {}

    public FakeKlaviyo(Vertx vertx) {
        super(vertx);
    }

    /** Makes a profile that is on lists of these names. */
    @Override
    public synchronized String add(String email, String... onLists) {
        String id = newProfile(new JsonObject().put("email", email.toLowerCase(Locale.ROOT)));
        Stream.of(onLists).forEach(list -> named(lists, "list", list).members.add(id));
        return id;
    }

    /** The id of the list of that name, which is made when it is not there. */
    public synchronized String list(String name) {
        return named(lists, "list", name).id;
    }

    /** Puts a profile into a segment; answers with the segment's id. */
    public synchronized String segment(String name, String profile) {
        Group segment = named(segments, "segment", name);
        segment.members.add(profile);
        return segment.id;
    }

    /** The addresses that have consented, each with the list. */
    public synchronized Set<String> consents() {
        return Set.copyOf(consents);
    }

    private Group named(Map<String, Group> groups, String type, String name) {
        return groups.values().stream()
                .filter(group -> group.name.equals(name))
                .findFirst()
                .orElseGet(() -> newGroup(groups, type, name));
    }

    private Group newGroup(Map<String, Group> groups, String type, String name) {
        Group group = new Group(String.format(Locale.ROOT, "Yn%04d", ++ids), type, name, new LinkedHashSet<>());
        groups.put(group.id, group);
        return group;
    }

    private String newProfile(JsonObject attributes) {
        String id = String.format(Locale.ROOT, "01GDDKASAP8TKDDA2GRZ%06d", ++ids);
        profiles.put(id, attributes);
        return id;
    }

    /** Each endpoint's own, on good answers only. */
    @Override
    protected List<String> tell(Received call, int status, int counted) {
        if (status >= 300) {
            return List.of();
        }
        boolean ofOne = call.path().matches(API + "profiles/[^/]+/(lists|segments)");
        boolean members = !call.method().equals("GET") && call.path().endsWith("/relationships/profiles");
        int second = ofOne ? 3 : members ? 10 : 75;
        int minute = ofOne ? 60 : members ? 150 : 750;
        return List.of(
                "RateLimit-Limit",
                second + ", " + second + ";w=1, " + minute + ";w=60",
                "RateLimit-Remaining",
                left(second, counted),
                "RateLimit-Reset",
                "1");
    }

    @Override
    protected synchronized Reply handle(Received call) {
        if (!call.headers().contains("authorization: Klaviyo-API-Key " + KEY)) {
            return error(401, "not_authenticated", "Authentication credentials were not provided.", "/data/", null);
        }
        if (!call.headers().contains("revision: 2026-07-15")) {
            return error(400, "invalid", "Missing revision header.", "/data/", null);
        }
        String[] path = call.path().substring(API.length()).split("/");
        return switch (path[0]) {
            case "profiles" -> path.length == 1 ? search(call) : profile(call, path);
            case "profile-import" -> upsert(call.json().getJsonObject("data").getJsonObject("attributes"));
            case "lists" -> path.length == 1 ? lists(call) : members(call, lists.get(path[1]));
            case "segments" ->
                path.length == 1
                        ? page(
                                call,
                                segments.values().stream()
                                        .map(FakeKlaviyo::json)
                                        .toList(),
                                10)
                        : members(call, segments.get(path[1]));
            case "profile-subscription-bulk-create-jobs" ->
                subscribe(call.json().getJsonObject("data"));
            case "data-privacy-deletion-jobs" -> erase(call.json().getJsonObject("data"));
            default -> Reply.empty(202);
        };
    }

    // ---- profiles

    private Reply search(Received call) {
        if (call.query("filter").isEmpty()) {
            return page(call, profiles.keySet().stream().map(this::json).toList(), 100);
        }
        String filter = call.query("filter").get(0);
        String field = filter.replaceAll("^any\\((\\w+),.*", "$1");
        JsonArray wanted = new JsonArray(filter.substring(filter.indexOf('['), filter.length() - 1));
        return page(
                call,
                profiles.keySet().stream()
                        .map(this::json)
                        .filter(profile -> wanted.contains(
                                field.equals("id")
                                        ? profile.getString("id")
                                        : profile.getJsonObject("attributes").getString(field)))
                        .toList(),
                100);
    }

    private JsonObject json(String id) {
        JsonObject attributes = new JsonObject()
                .putNull("phone_number")
                .putNull("external_id")
                .putNull("first_name")
                .putNull("last_name")
                .put("location", new JsonObject())
                .put("properties", new JsonObject())
                .mergeIn(profiles.getOrDefault(id, new JsonObject()));
        return new JsonObject()
                .put("type", "profile")
                .put("id", id)
                .put("attributes", attributes)
                .put("links", new JsonObject().put("self", url() + "/api/profiles/" + id + "/"));
    }

    private @Nullable String byEmail(String email) {
        return profiles.entrySet().stream()
                .filter(profile -> email.equals(profile.getValue().getString("email")))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    private Reply upsert(JsonObject attributes) {
        String email = attributes.getString("email", "").toLowerCase(Locale.ROOT);
        if (!email.contains("@")) {
            return error(400, "invalid", "Invalid email address", "/data/attributes/email", null);
        }
        String known = byEmail(email);
        String id = known == null ? newProfile(new JsonObject()) : known;
        return save(id, attributes, known == null ? 201 : 200);
    }

    private Reply save(String id, JsonObject attributes, int status) {
        JsonObject changed = attributes.copy();
        if (changed.getString("email") != null) {
            String email = changed.getString("email").toLowerCase(Locale.ROOT);
            String other = byEmail(email);
            if (other != null && !other.equals(id)) {
                return error(
                        409,
                        "duplicate_profile",
                        "A profile already exists with one of these identifiers.",
                        "/data/attributes",
                        new JsonObject().put("duplicate_profile_id", other));
            }
            changed.put("email", email);
        }
        profiles.getOrDefault(id, new JsonObject()).mergeIn(changed, true);
        return Reply.json(status, new JsonObject().put("data", json(id)));
    }

    private Reply profile(Received call, String[] path) {
        if (!profiles.containsKey(path[1])) {
            return noProfile(path[1]);
        }
        if (path.length == 3) {
            Map<String, Group> groups = path[2].equals("lists") ? lists : segments;
            return page(
                    call,
                    groups.values().stream()
                            .filter(group -> group.members.contains(path[1]))
                            .map(FakeKlaviyo::json)
                            .toList(),
                    1_000);
        }
        if (call.method().equals("PATCH")) {
            JsonObject data = call.json().getJsonObject("data");
            return path[1].equals(data.getString("id"))
                    ? save(path[1], data.getJsonObject("attributes"), 200)
                    : error(400, "invalid", "The id is missing.", "/data/id", null);
        }
        return Reply.json(200, new JsonObject().put("data", json(path[1])));
    }

    private Reply subscribe(JsonObject job) {
        String id = job.getJsonObject("relationships")
                .getJsonObject("list")
                .getJsonObject("data")
                .getString("id");
        Group list = lists.get(id);
        job.getJsonObject("attributes")
                .getJsonObject("profiles")
                .getJsonArray("data")
                .forEach(each -> {
                    JsonObject profile = (JsonObject) each;
                    consents.add(profile.getJsonObject("attributes").getString("email") + " " + id);
                    if (list != null) {
                        list.members.add(profile.getString("id"));
                    }
                });
        return Reply.empty(202);
    }

    private Reply erase(JsonObject job) {
        String id = job.getJsonObject("attributes")
                .getJsonObject("profile")
                .getJsonObject("data")
                .getString("id");
        profiles.remove(id);
        lists.values().forEach(list -> list.members.remove(id));
        return Reply.empty(202);
    }

    // ---- lists

    private Reply lists(Received call) {
        if (call.method().equals("POST")) {
            String name = call.json()
                    .getJsonObject("data")
                    .getJsonObject("attributes")
                    .getString("name");
            return Reply.json(201, new JsonObject().put("data", json(newGroup(lists, "list", name))));
        }
        Stream<Group> all = lists.values().stream();
        if (!call.query("filter").isEmpty()) {
            String filter = call.query("filter").get(0);
            String name = new JsonArray("[" + filter.substring(filter.indexOf(',') + 1, filter.length() - 1) + "]")
                    .getString(0);
            all = all.filter(list -> list.name.equals(name));
        }
        return page(call, all.map(FakeKlaviyo::json).toList(), 10);
    }

    private static JsonObject json(Group group) {
        return new JsonObject()
                .put("type", group.type)
                .put("id", group.id)
                .put("attributes", new JsonObject().put("name", group.name))
                .put(
                        "links",
                        new JsonObject()
                                .put("self", "https://a.klaviyo.com/api/" + group.type + "s/" + group.id + "/"));
    }

    private Reply members(Received call, @Nullable Group group) {
        if (group == null) {
            return error(404, "not_found", "A list with that id does not exist.", "/data/", null);
        }
        if (call.method().equals("GET")) {
            boolean whole = call.path().startsWith("/api/segments");
            return page(
                    call,
                    group.members.stream()
                            .map(id -> whole
                                    ? json(id)
                                    : new JsonObject().put("type", "profile").put("id", id))
                            .toList(),
                    100);
        }
        List<String> given = call.json().getJsonArray("data").stream()
                .map(each -> ((JsonObject) each).getString("id"))
                .toList();
        for (String id : given) {
            if (!profiles.containsKey(id)) {
                return noProfile(id);
            }
        }
        if (call.method().equals("POST")) {
            group.members.addAll(given);
        } else {
            group.members.removeAll(Set.copyOf(given));
        }
        return Reply.empty(204);
    }

    /** The vendor's pages have 10 lists or 20 profiles unless more is asked for. */
    private Reply page(Received call, List<JsonObject> rows, int most) {
        int size = call.query("page[size]").isEmpty()
                ? Math.min(20, most)
                : Integer.parseInt(call.query("page[size]").get(0));
        if (size > most) {
            return error(400, "invalid", "Page size must be at most " + most, "page[size]", null);
        }
        String cursor = call.query("page[cursor]").stream().findFirst().orElse("+0");
        if (!cursor.matches("\\+\\d{1,9}")) {
            return error(400, "invalid", "Invalid page cursor", "page[cursor]", null);
        }
        int from = Integer.parseInt(cursor.substring(1));
        int end = Math.min(rows.size(), from + size);
        JsonObject links = new JsonObject().put("self", url() + call.path());
        links.put("next", end < rows.size() ? url() + call.path() + "?page%5Bcursor%5D=%2B" + end : null);
        return Reply.json(
                200,
                new JsonObject()
                        .put("data", new JsonArray(rows.subList(Math.min(from, end), end)))
                        .put("links", links));
    }

    private static Reply noProfile(String id) {
        return error(404, "not_found", "A profile with id " + id + " does not exist.", "/data/id", null);
    }

    private static Reply error(int status, String code, String detail, String pointer, @Nullable JsonObject meta) {
        JsonObject error = new JsonObject()
                .put("id", "9c7d1d52-0000-0000-0000-000000000000")
                .put("status", status)
                .put("code", code)
                .put("title", code)
                .put("detail", detail)
                .put("source", new JsonObject().put("pointer", pointer))
                .put("meta", meta == null ? new JsonObject() : meta);
        return new Reply(
                status,
                "application/vnd.api+json",
                new JsonObject().put("errors", new JsonArray().add(error)).encode(),
                List.of());
    }
}
