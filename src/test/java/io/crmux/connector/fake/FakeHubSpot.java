package io.crmux.connector.fake;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** HubSpot's wire: the calls of the CRM API v3 that crmux makes. Stateful; one thread calls it. */
public final class FakeHubSpot extends FakeCrm {

    public static final String TOKEN = "pat-eu1-0123456789";

    /** The property whose options are tags. */
    public static final String FIELD = "crm_tags";

    private static final String V3 = "/crm/v3/";
    private static final String TIME = "2024-01-30T01:07:09.000Z";
    private static final List<String> KNOWN = List.of(
            "email",
            "firstname",
            "lastname",
            "phone",
            "company",
            "address",
            "city",
            "state",
            "zip",
            "country",
            "birthday",
            FIELD);

    private final Map<Long, Map<String, String>> contacts = new TreeMap<>();
    private final Map<Long, TagList> lists = new TreeMap<>();
    private final Set<String> options = new LinkedHashSet<>(List.of("red", "green"));
    private long ids = 37765128000L;

    private record TagList(long id, String name, boolean active, Set<Long> members) {}

    public FakeHubSpot(Vertx vertx) {
        super(vertx);
    }

    /** The settings that open it. */
    public Map<String, String> settings(String token, String tagType) {
        return Map.of("url", url(), "token", token, "tag_type", tagType, "multiselect_field", FIELD);
    }

    /** Makes a contact with lists and options of these names. */
    @Override
    public synchronized String add(String email, String... tags) {
        long id = ++ids;
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("email", email);
        contacts.put(id, properties);
        for (String tag : tags) {
            named(tag, false).members.add(id);
            options.add(tag);
        }
        if (tags.length > 0) {
            properties.put(FIELD, String.join(";", tags));
        }
        return Long.toString(id);
    }

    /** The id of the list of that name, which is made when it is not there. */
    public synchronized String list(String name) {
        return Long.toString(named(name, false).id);
    }

    /** The same, for a list that is made of rules. */
    public synchronized String activeList(String name) {
        return Long.toString(named(name, true).id);
    }

    private TagList named(String name, boolean active) {
        return lists.values().stream()
                .filter(list -> list.name.equalsIgnoreCase(name))
                .findFirst()
                .orElseGet(() -> {
                    TagList list = new TagList(++ids, name, active, new LinkedHashSet<>());
                    lists.put(list.id, list);
                    return list;
                });
    }

    /** Makes an option of the property. */
    public synchronized void option(String name) {
        options.add(name);
    }

    /** A contact's properties; null when there is none. */
    public synchronized @Nullable Map<String, String> contact(String id) {
        return contacts.get(Long.parseLong(id));
    }

    /** Its own, of ten seconds, of the day, and of a second; searches have none. */
    @Override
    protected List<String> tell(Received call, int status, int counted) {
        return call.path().endsWith("/search")
                ? List.of()
                : List.of(
                        "X-HubSpot-RateLimit-Max",
                        "100",
                        "X-HubSpot-RateLimit-Remaining",
                        left(100, counted),
                        "X-HubSpot-RateLimit-Interval-Milliseconds",
                        "10000",
                        "X-HubSpot-RateLimit-Daily",
                        "250000",
                        "X-HubSpot-RateLimit-Daily-Remaining",
                        left(250_000, counted),
                        "X-HubSpot-RateLimit-Secondly",
                        "10",
                        "X-HubSpot-RateLimit-Secondly-Remaining",
                        left(10, counted));
    }

    @Override
    protected synchronized Reply handle(Received call) {
        if (call.path().equals("/oauth/v1/token")) {
            return token(call);
        }
        if (!call.headers().contains("authorization: Bearer " + TOKEN) && !isLetIn(call)) {
            return error(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.");
        }
        if (call.path().equals("/account-info/v3/details")) {
            return Reply.json(200, new JsonObject().put("portalId", 62515));
        }
        if (call.path().equals("/events/v3/send")) {
            return Reply.empty(204);
        }
        String[] path = call.path().substring(V3.length()).split("/");
        return switch (path[0]) {
            case "lists" -> path.length == 1 ? addList(call.json().getString("name")) : lists(call, path);
            case "properties" -> properties(call, path);
            default -> contacts(call, path);
        };
    }

    // ---- contacts

    private Reply contacts(Received call, String[] path) {
        if (path.length == 2) {
            return create(call.json().getJsonObject("properties"));
        }
        return switch (path[2]) {
            case "batch" -> path[3].equals("read") ? readAll(call.json()) : updateAll(call.json());
            case "search" -> search(call.json());
            default -> contact(call, URLDecoder.decode(path[2].replace("+", "%2B"), StandardCharsets.UTF_8));
        };
    }

    private Reply create(JsonObject properties) {
        Long known = byEmail(properties.getString("email", ""));
        if (known != null) {
            return error(409, "CONFLICT", "Contact already exists. Existing ID: " + known);
        }
        long id = ++ids;
        return save(id, new LinkedHashMap<>(), properties, 201);
    }

    private Reply save(long id, Map<String, String> contact, JsonObject properties, int status) {
        for (Map.Entry<String, Object> property : properties) {
            if (!KNOWN.contains(property.getKey())) {
                return error(400, "VALIDATION_ERROR", "Property \"" + property.getKey() + "\" does not exist");
            }
        }
        if (properties.containsKey("email") && !properties.getString("email").contains("@")) {
            return error(400, "VALIDATION_ERROR", "Property values were not valid: INVALID_EMAIL");
        }
        Stream<String> chosen =
                Stream.of(properties.getString(FIELD, "").split(";")).filter(each -> !each.isEmpty());
        if (!options.containsAll(chosen.toList())) {
            return error(400, "VALIDATION_ERROR", "Property values were not valid: INVALID_OPTION");
        }
        Long other = properties.containsKey("email") ? byEmail(properties.getString("email")) : null;
        if (other != null && other != id) {
            return error(409, "CONFLICT", "Contact already exists. Existing ID: " + other);
        }
        properties.forEach(
                property -> contact.put(property.getKey(), property.getValue().toString()));
        contacts.put(id, contact);
        return Reply.json(status, json(id, List.of("email")));
    }

    private @Nullable Long byEmail(String email) {
        return contacts.entrySet().stream()
                .filter(contact -> email.equalsIgnoreCase(contact.getValue().get("email")))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    private @Nullable Long id(String given, boolean email) {
        if (email) {
            return byEmail(given);
        }
        return given.matches("\\d{1,18}") && contacts.containsKey(Long.parseLong(given)) ? Long.valueOf(given) : null;
    }

    private Reply contact(Received call, String given) {
        Long id = id(given, call.query("idProperty").contains("email"));
        Map<String, String> contact = id == null ? null : contacts.get(id);
        if (id == null || contact == null) {
            return error(404, "OBJECT_NOT_FOUND", "resource not found");
        }
        switch (call.method()) {
            case "PATCH" -> {
                return save(id, contact, call.json().getJsonObject("properties"), 200);
            }
            case "DELETE" -> {
                contacts.remove(id);
                lists.values().forEach(list -> list.members.remove(id));
                return Reply.empty(204);
            }
            default -> {
                return Reply.json(
                        200, json(id, List.of(call.query("properties").get(0).split(","))));
            }
        }
    }

    /** What was asked for and has no value is null. */
    private JsonObject json(long id, List<String> wanted) {
        JsonObject properties = new JsonObject().put("hs_object_id", Long.toString(id));
        Map<String, String> contact = contacts.getOrDefault(id, Map.of());
        wanted.forEach(name -> properties.put(name, contact.get(name)));
        return new JsonObject()
                .put("id", Long.toString(id))
                .put("properties", properties)
                .put("createdAt", TIME)
                .put("updatedAt", TIME)
                .put("archived", false);
    }

    private Reply readAll(JsonObject call) {
        List<String> wanted = strings(call.getJsonArray("properties"));
        JsonArray found = new JsonArray();
        JsonArray missing = new JsonArray();
        for (Object each : call.getJsonArray("inputs")) {
            String given = ((JsonObject) each).getString("id");
            Long id = id(given, "email".equals(call.getString("idProperty")));
            if (id == null) {
                missing.add(given);
            } else {
                found.add(json(id, wanted));
            }
        }
        return batch(found, missing);
    }

    private Reply updateAll(JsonObject call) {
        JsonArray found = new JsonArray();
        JsonArray missing = new JsonArray();
        for (Object each : call.getJsonArray("inputs")) {
            JsonObject input = (JsonObject) each;
            Long id = id(input.getString("id"), false);
            if (id == null) {
                missing.add(input.getString("id"));
                continue;
            }
            Reply saved = save(id, contacts.getOrDefault(id, Map.of()), input.getJsonObject("properties"), 200);
            if (saved.status() != 200) {
                return saved;
            }
            found.add(json(id, List.of("email")));
        }
        return batch(found, missing);
    }

    private static Reply batch(JsonArray found, JsonArray missing) {
        JsonObject answer = new JsonObject()
                .put("status", "COMPLETE")
                .put("results", found)
                .put("startedAt", TIME)
                .put("completedAt", TIME);
        if (missing.isEmpty()) {
            return Reply.json(200, answer);
        }
        JsonObject error = new JsonObject()
                .put("status", "error")
                .put("category", "OBJECT_NOT_FOUND")
                .put("message", "Could not get some CONTACT objects, they may be deleted or not exist.")
                .put("context", new JsonObject().put("ids", missing));
        return Reply.json(207, answer.put("numErrors", 1).put("errors", new JsonArray().add(error)));
    }

    /** Finds words, so that "gold" finds "old gold" as well. */
    private Reply search(JsonObject call) {
        Stream<Long> found = contacts.keySet().stream();
        for (Object each : call.getJsonArray("filterGroups").getJsonObject(0).getJsonArray("filters")) {
            JsonObject filter = (JsonObject) each;
            String value = filter.getString("value");
            found = filter.getString("operator").equals("GT")
                    ? found.filter(id -> id > Long.parseLong(value))
                    : found.filter(id -> contacts.getOrDefault(id, Map.of())
                            .getOrDefault(FIELD, "")
                            .contains(value));
        }
        List<Long> all = found.toList();
        JsonArray page = new JsonArray();
        all.stream()
                .limit(call.getInteger("limit"))
                .forEach(id -> page.add(json(id, strings(call.getJsonArray("properties")))));
        return Reply.json(200, new JsonObject().put("total", all.size()).put("results", page));
    }

    private static List<String> strings(JsonArray array) {
        return array.stream().map(String::valueOf).toList();
    }

    // ---- properties

    private Reply properties(Received call, String[] path) {
        if (path.length == 2) {
            JsonArray all = new JsonArray();
            KNOWN.forEach(name -> all.add(property(name)));
            return Reply.json(200, new JsonObject().put("results", all));
        }
        if (!path[2].equals(FIELD)) {
            return error(404, "OBJECT_NOT_FOUND", "Property " + path[2] + " does not exist");
        }
        if (call.method().equals("PATCH")) {
            options.clear();
            call.json()
                    .getJsonArray("options")
                    .forEach(option -> options.add(((JsonObject) option).getString("value")));
        }
        return Reply.json(200, property(FIELD));
    }

    private JsonObject property(String name) {
        boolean tags = name.equals(FIELD);
        JsonArray choices = new JsonArray();
        if (tags) {
            options.forEach(each -> choices.add(new JsonObject()
                    .put("label", each)
                    .put("value", each)
                    .put("hidden", false)
                    .put("displayOrder", -1)));
        }
        return new JsonObject()
                .put("name", name)
                .put("label", name)
                .put("description", "")
                .put("type", tags ? "enumeration" : name.equals("birthday") ? "date" : "string")
                .put("fieldType", tags ? "checkbox" : "text")
                .put("groupName", "contactinformation")
                .put("options", choices)
                .put("hubspotDefined", !tags)
                .put("hidden", false)
                .put(
                        "modificationMetadata",
                        new JsonObject()
                                .put("archivable", true)
                                .put("readOnlyDefinition", true)
                                .put("readOnlyValue", false));
    }

    // ---- lists

    private Reply addList(String name) {
        if (lists.values().stream().anyMatch(list -> list.name.equalsIgnoreCase(name))) {
            return error(400, "VALIDATION_ERROR", "A list with the name " + name + " already exists");
        }
        return Reply.json(200, new JsonObject().put("list", json(named(name, false))));
    }

    private static JsonObject json(TagList list) {
        return new JsonObject()
                .put("listId", Long.toString(list.id))
                .put("name", list.name)
                .put("objectTypeId", "0-1")
                .put("processingType", list.active ? "DYNAMIC" : "MANUAL")
                .put("processingStatus", "COMPLETE")
                .put("additionalProperties", new JsonObject());
    }

    private Reply lists(Received call, String[] path) {
        if (path[1].equals("search")) {
            return searchLists(call.json());
        }
        if (path[1].equals("records")) {
            List<JsonObject> having = lists.entrySet().stream()
                    .filter(list -> list.getValue().members.contains(Long.parseLong(path[3])))
                    .map(list -> new JsonObject().put("listId", list.getKey().toString()))
                    .toList();
            return page(call, having, 100);
        }
        TagList list = lists.get(Long.parseLong(path[1]));
        if (list == null) {
            return error(404, "OBJECT_NOT_FOUND", "List does not exist with ID " + path[1]);
        }
        return path.length == 3
                ? page(
                        call,
                        list.members.stream()
                                .map(id -> new JsonObject().put("recordId", id.toString()))
                                .toList(),
                        250)
                : change(list, path[3], strings(call.array()));
    }

    private Reply searchLists(JsonObject call) {
        int offset = call.getInteger("offset");
        List<TagList> all = List.copyOf(lists.values());
        int end = Math.min(all.size(), offset + call.getInteger("count"));
        JsonArray page = new JsonArray();
        all.subList(offset, end).forEach(list -> page.add(json(list)));
        return Reply.json(
                200,
                new JsonObject()
                        .put("lists", page)
                        .put("offset", end)
                        .put("hasMore", end < all.size())
                        .put("total", all.size()));
    }

    private Reply change(TagList list, String change, List<String> given) {
        if (list.active) {
            return error(400, "VALIDATION_ERROR", "Can not operate manually on a dynamic list");
        }
        Map<Boolean, List<Long>> there =
                given.stream().map(Long::valueOf).collect(Collectors.partitioningBy(contacts::containsKey));
        List<Long> known = there.getOrDefault(true, List.of());
        List<String> changed = new ArrayList<>();
        known.stream()
                .filter(id -> change.equals("add") ? list.members.add(id) : list.members.remove(id))
                .forEach(id -> changed.add(id.toString()));
        JsonArray missing = new JsonArray();
        there.getOrDefault(false, List.of()).forEach(id -> missing.add(id.toString()));
        return Reply.json(
                200,
                new JsonObject()
                        .put("recordsIdsAdded", new JsonArray(change.equals("add") ? changed : List.of()))
                        .put("recordIdsRemoved", new JsonArray(change.equals("add") ? List.of() : changed))
                        .put("recordIdsMissing", missing));
    }

    private static Reply page(Received call, List<JsonObject> rows, int most) {
        String cursor = call.query("after").stream().findFirst().orElse("0");
        if (!cursor.matches("\\d{1,9}")) {
            return error(400, "VALIDATION_ERROR", "Invalid paging cursor");
        }
        int from = Integer.parseInt(cursor);
        int limit = call.query("limit").isEmpty()
                ? most
                : Integer.parseInt(call.query("limit").get(0));
        int end = Math.min(rows.size(), from + Math.min(most, limit));
        JsonObject answer = new JsonObject().put("results", new JsonArray(rows.subList(Math.min(from, end), end)));
        return Reply.json(
                200,
                end < rows.size()
                        ? answer.put(
                                "paging",
                                new JsonObject().put("next", new JsonObject().put("after", Integer.toString(end))))
                        : answer);
    }

    private static Reply error(int status, String category, String message) {
        return Reply.json(
                status,
                new JsonObject()
                        .put("status", "error")
                        .put("message", message)
                        .put("correlationId", "aeb5f871-7f07-4993-9211-075dc63e7cbf")
                        .put("category", category));
    }
}
