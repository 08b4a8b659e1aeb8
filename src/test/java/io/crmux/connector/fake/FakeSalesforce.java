package io.crmux.connector.fake;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Salesforce's wire: the calls of the REST API that crmux makes. Everything is a record of some object: contacts, topics and their assignments, tags and their
 * definitions. Stateful; one thread calls it.
 */
public final class FakeSalesforce extends FakeCrm {

    public static final String TOKEN = "00Dxx0000001gPL!AR8AQJXg5oj8jXSgxJfA0lBog.39AsX.LVpxezPwuX5VAIrrbbHMuol";

    /** The picklist whose values are tags. */
    public static final String FIELD = "Tags__c";

    /** As few as Salesforce ever answers at once, and less than the 2,000 that it likes best, so that there are parts to put together. */
    private static final int PART = 200;

    private static final String CONTACT = "Contact";
    private static final Map<String, String> PREFIXES = Map.of(
            CONTACT,
            "003",
            "Lead",
            "00Q",
            "Topic",
            "0TO",
            "TopicAssignment",
            "0TA",
            "TagDefinition",
            "0t0",
            "ContactTag",
            "0t1");

    /** Name, type, and whether there is no record without it. */
    private record Column(String name, String type, boolean required) {}

    private final List<Column> columns = new ArrayList<>(List.of(
            new Column("Id", "id", false),
            new Column("Name", "string", false),
            new Column("LastName", "string", true),
            new Column("FirstName", "string", false),
            new Column("Email", "email", false),
            new Column("Phone", "phone", false),
            new Column("MailingStreet", "textarea", false),
            new Column("MailingCity", "string", false),
            new Column("MailingState", "string", false),
            new Column("MailingPostalCode", "string", false),
            new Column("MailingCountry", "string", false),
            new Column("MailingAddress", "address", false),
            new Column("AccountId", "reference", false),
            new Column("RecordTypeId", "reference", false),
            new Column("Nickname__c", "string", false),
            new Column("Score__c", "double", false),
            new Column("Member__c", "boolean", false),
            new Column("Joined__c", "date", false),
            new Column("Seen__c", "datetime", false),
            new Column("Colours__c", "multipicklist", false),
            new Column(FIELD, "multipicklist", false)));

    private final Map<String, Map<String, Map<String, Object>>> records = new HashMap<>();
    private final Map<String, List<JsonObject>> rests = new HashMap<>();
    private final Set<String> gone = new LinkedHashSet<>();
    private final Set<String> values = new LinkedHashSet<>();
    private boolean restricted;
    private long ids;

    public FakeSalesforce(Vertx vertx) {
        super(vertx);
        authorization().rotates(false).teaches(Map.of("instance_url", url()));
    }

    /** The settings that open it. */
    public Map<String, String> settings(String token, String tagType) {
        return Map.of(
                "url",
                url(),
                "token",
                token,
                "version",
                "64.0",
                "object_type",
                CONTACT,
                "lookup_field",
                "Email",
                "tag_type",
                tagType,
                "tag_picklist",
                FIELD);
    }

    private Map<String, Map<String, Object>> of(String object) {
        return records.computeIfAbsent(object, absent -> new TreeMap<>());
    }

    private Map<String, Object> row(String object, String id) {
        return of(object).computeIfAbsent(id, absent -> new LinkedHashMap<>());
    }

    /** Makes a contact with topics, public and personal tags, and values of these names. */
    @Override
    public synchronized String add(String email, String... tags) {
        String contact = insert(CONTACT, Map.of("LastName", "unknown", "Email", email));
        for (String tag : tags) {
            insert("TopicAssignment", Map.of("EntityId", contact, "TopicId", topic(tag), "EntityType", CONTACT));
            for (String type : List.of("Public", "Personal")) {
                insert("ContactTag", Map.of("ItemId", contact, "Type", type, "Name", tag));
                define(type, tag);
            }
            values.add(tag);
        }
        if (tags.length > 0) {
            row(CONTACT, contact).put(FIELD, String.join(";", tags));
        }
        return contact;
    }

    /** The id of the topic of that name, which is made when it is not there. */
    public synchronized String topic(String name) {
        return find("Topic", row -> name.equalsIgnoreCase(String.valueOf(row.get("Name"))))
                .orElseGet(() -> insert("Topic", Map.of("Name", name)));
    }

    /** From now on the picklist takes no values but those that it has. */
    public synchronized void restrict() {
        restricted = true;
    }

    /** From now on there is no contact without this field. */
    public synchronized void require(String field) {
        columns.add(new Column(field, "string", true));
    }

    /** A field is taken away. */
    public synchronized void drop(String field) {
        columns.removeIf(column -> column.name().equals(field));
    }

    /** A contact's fields; null when there is none. */
    public synchronized @Nullable Map<String, Object> contact(String id) {
        return of(CONTACT).get(id);
    }

    private java.util.Optional<String> find(String object, Predicate<Map<String, Object>> which) {
        return of(object).entrySet().stream()
                .filter(row -> which.test(row.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private String insert(String object, Map<String, Object> fields) {
        String number = Long.toString(++ids, 36);
        String id = PREFIXES.get(object) + "Xx" + "0".repeat(10 - number.length()) + number;
        String full = id + suffix(id);
        Map<String, Object> row = new LinkedHashMap<>(fields);
        row.put("Id", full);
        of(object).put(full, row);
        return full;
    }

    /** Three characters that tell which of the others are in upper case. */
    private static String suffix(String id) {
        StringBuilder suffix = new StringBuilder();
        for (String five : List.of(id.substring(0, 5), id.substring(5, 10), id.substring(10, 15))) {
            int bits = 0;
            for (int i = 4; i >= 0; i--) {
                bits = bits * 2 + (Character.isUpperCase(five.charAt(i)) ? 1 : 0);
            }
            suffix.append((char) (bits < 26 ? 'A' + bits : '0' + bits - 26));
        }
        return suffix.toString();
    }

    @Override
    protected synchronized Reply handle(Received call) {
        return reply(call).with("Sforce-Limit-Info", "api-usage=18/5000");
    }

    private Reply reply(Received call) {
        if (call.path().equals("/services/oauth2/token")) {
            Reply reply = token(call);
            JsonObject untimed = new JsonObject(reply.body());
            untimed.remove("expires_in");
            return Reply.json(reply.status(), untimed);
        }
        if (!call.headers().contains("authorization: Bearer " + TOKEN) && !isLetIn(call)) {
            return error(401, "INVALID_SESSION_ID", "Session expired or invalid");
        }
        String[] path = call.path().split("/");
        return switch (path[4]) {
            case "query" ->
                path.length > 5 ? part(path[5]) : query(call.query("q").get(0));
            case "composite" -> many(call);
            default -> path.length == 6 ? object(call, path[5]) : record(call, path[5], path[6]);
        };
    }

    // ---- queries

    private Reply query(String soql) {
        try {
            Soql query = Soql.parse(soql);
            List<JsonObject> found = query.select(of(query.from()).values().stream())
                    .map(row -> json(query.from(), row, query.fields()))
                    .toList();
            return parts(found);
        } catch (Soql.Malformed malformed) {
            return error(400, malformed.code, String.valueOf(malformed.getMessage()));
        }
    }

    private Reply part(String name) {
        List<JsonObject> rest = rests.get(name);
        return rest == null ? error(400, "INVALID_QUERY_LOCATOR", "invalid query locator") : parts(rest);
    }

    private Reply parts(List<JsonObject> found) {
        int end = Math.min(PART, found.size());
        JsonObject answer = new JsonObject().put("totalSize", found.size()).put("done", end == found.size());
        if (end < found.size()) {
            String name = "01gXx00000" + ++ids + "-" + end;
            rests.put(name, found.subList(end, found.size()));
            answer.put("nextRecordsUrl", "/services/data/v64.0/query/" + name);
        }
        return Reply.json(200, answer.put("records", new JsonArray(found.subList(0, end))));
    }

    private static JsonObject json(String object, Map<String, Object> row, List<String> fields) {
        JsonObject json = new JsonObject()
                .put(
                        "attributes",
                        new JsonObject()
                                .put("type", object)
                                .put("url", "/services/data/v64.0/sobjects/" + object + "/" + row.get("Id")));
        fields.forEach(field -> json.put(field, row.get(field)));
        return json;
    }

    // ---- single records

    private Reply object(Received call, String object) {
        if (!PREFIXES.containsKey(object)) {
            return error(404, "NOT_FOUND", "The requested resource does not exist");
        }
        if (call.method().equals("GET")) {
            return Reply.json(
                    200,
                    new JsonObject()
                            .put(
                                    "objectDescribe",
                                    new JsonObject().put("name", object).put("label", object))
                            .put("recentItems", new JsonArray()));
        }
        return single(create(object, call.json().getMap()), 201);
    }

    /** Of one record, the outcome has a status. */
    private static Reply single(JsonObject outcome, int good) {
        if (outcome.getBoolean("success")) {
            return good == 204 ? Reply.empty(204) : Reply.json(good, outcome);
        }
        JsonObject error = outcome.getJsonArray("errors").getJsonObject(0);
        return error(400, error.getString("statusCode"), error.getString("message"));
    }

    private Reply record(Received call, String object, String given) {
        if (given.equals("describe")) {
            return PREFIXES.containsKey(object) ? describe(object) : error(404, "NOT_FOUND", "no such object");
        }
        String id = known(object, URLDecoder.decode(given, StandardCharsets.UTF_8));
        if (id == null) {
            return gone.contains(given)
                    ? error(404, "ENTITY_IS_DELETED", "entity is deleted")
                    : error(404, "NOT_FOUND", "The requested resource does not exist");
        }
        return switch (call.method()) {
            case "PATCH" -> single(update(object, id, call.json().getMap()), 204);
            case "DELETE" -> single(delete(id), 204);
            default -> read(object, id, call.query("fields"));
        };
    }

    private @Nullable String known(String object, String given) {
        return find(
                        object,
                        row -> String.valueOf(row.get("Id")).equals(given)
                                || (given.length() == 15
                                        && String.valueOf(row.get("Id")).startsWith(given)))
                .orElse(null);
    }

    private Reply read(String object, String id, List<String> fields) {
        List<String> wanted = fields.isEmpty()
                ? columns.stream().map(Column::name).toList()
                : List.of(fields.get(0).split(","));
        String unknown =
                wanted.stream().filter(name -> column(name) == null).findFirst().orElse(null);
        if (unknown != null) {
            return error(400, "INVALID_FIELD", "No such column '" + unknown + "' on sobject of type " + object);
        }
        return Reply.json(200, json(object, of(object).getOrDefault(id, Map.of()), wanted));
    }

    private @Nullable Column column(String name) {
        return columns.stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private Reply describe(String object) {
        JsonArray fields = new JsonArray();
        columns.forEach(column -> fields.add(new JsonObject()
                .put("name", column.name())
                .put("label", column.name().replace("__c", ""))
                .put("type", column.type())
                .put("custom", column.name().endsWith("__c"))
                .put("updateable", !isReadOnly(column))
                .put("createable", !isReadOnly(column))
                .put("nillable", !column.required())
                .put("defaultedOnCreate", column.type().equals("boolean"))
                .put("restrictedPicklist", restricted && column.name().equals(FIELD))
                .put("picklistValues", options(column))));
        return Reply.json(200, new JsonObject().put("name", object).put("fields", fields));
    }

    private static boolean isReadOnly(Column column) {
        return Set.of("Id", "Name", "MailingAddress").contains(column.name());
    }

    private JsonArray options(Column column) {
        JsonArray options = new JsonArray();
        Stream<String> all = column.name().equals(FIELD)
                ? values.stream()
                : column.type().equals("multipicklist") ? Stream.of("red", "green", "blue") : Stream.empty();
        all.forEach(value -> options.add(new JsonObject()
                .put("value", value)
                .put("label", value)
                .put("active", true)
                .put("defaultValue", false)));
        return options;
    }

    // ---- many records

    private Reply many(Received call) {
        JsonArray outcomes = new JsonArray();
        if (call.method().equals("DELETE")) {
            for (String id : call.query("ids").get(0).split(",")) {
                outcomes.add(delete(id));
            }
        } else {
            JsonArray given = call.json().getJsonArray("records");
            if (given.size() > 200) {
                return error(400, "EXCEEDED_ID_LIMIT", "record limit reached. cannot submit more than 200 records");
            }
            given.forEach(each -> outcomes.add(one(call.method(), (JsonObject) each)));
        }
        return new Reply(200, "application/json", outcomes.encode(), List.of());
    }

    private JsonObject one(String method, JsonObject given) {
        Map<String, Object> fields = new LinkedHashMap<>(given.getMap());
        String object = given.getJsonObject("attributes").getString("type");
        fields.remove("attributes");
        if (method.equals("POST")) {
            return create(object, fields);
        }
        String id = known(object, String.valueOf(fields.remove("id")));
        return id == null
                ? refused("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
                : update(object, id, fields);
    }

    private JsonObject create(String object, Map<String, Object> fields) {
        return switch (object) {
            case "Topic" ->
                find(object, row -> same(row, fields, "Name")).isPresent()
                        ? refused("DUPLICATE_VALUE", "duplicate value found: Name")
                        : done(insert(object, fields));
            case "TopicAssignment" -> assign(fields);
            case "ContactTag" -> tag(fields);
            default -> save(object, null, fields);
        };
    }

    private static boolean same(Map<String, Object> row, Map<String, Object> fields, String field) {
        return String.valueOf(row.get(field)).equalsIgnoreCase(String.valueOf(fields.get(field)));
    }

    private JsonObject assign(Map<String, Object> fields) {
        if (!of(CONTACT).containsKey(fields.get("EntityId")) || !of("Topic").containsKey(fields.get("TopicId"))) {
            return refused("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id");
        }
        if (find("TopicAssignment", row -> same(row, fields, "EntityId") && same(row, fields, "TopicId"))
                .isPresent()) {
            return refused("DUPLICATE_VALUE", "duplicate value found: TopicId, EntityId");
        }
        fields.put("EntityType", CONTACT);
        return done(insert("TopicAssignment", fields));
    }

    private JsonObject tag(Map<String, Object> fields) {
        if (!of(CONTACT).containsKey(fields.get("ItemId"))) {
            return refused("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id");
        }
        if (find(
                        "ContactTag",
                        row -> same(row, fields, "ItemId") && same(row, fields, "Type") && same(row, fields, "Name"))
                .isPresent()) {
            return refused("DUPLICATE_VALUE", "duplicate value found: Name");
        }
        define(String.valueOf(fields.get("Type")), String.valueOf(fields.get("Name")));
        return done(insert("ContactTag", fields));
    }

    private void define(String type, String name) {
        Map<String, Object> definition = Map.of("Type", type, "Name", name);
        if (find("TagDefinition", row -> same(row, definition, "Type") && same(row, definition, "Name"))
                .isEmpty()) {
            insert("TagDefinition", definition);
        }
    }

    private JsonObject update(String object, String id, Map<String, Object> fields) {
        return save(object, id, fields);
    }

    /** A contact that is new, or has an id already. */
    private JsonObject save(String object, @Nullable String id, Map<String, Object> fields) {
        for (String name : fields.keySet()) {
            Column column = column(name);
            if (column == null) {
                return refused("INVALID_FIELD", "No such column '" + name + "' on sobject of type " + object);
            }
            if (isReadOnly(column)) {
                return refused("INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: " + name);
            }
        }
        for (Column column : columns) {
            boolean lacks = id == null ? fields.get(column.name()) == null : isCleared(fields, column.name());
            if (column.required() && lacks) {
                return refused("REQUIRED_FIELD_MISSING", "Required fields are missing: [" + column.name() + "]");
            }
        }
        Object email = fields.get("Email");
        if (email != null && email.toString().length() > 80) {
            return refused("STRING_TOO_LONG", "Email: data value too large");
        }
        if (email != null && !email.toString().matches("[^@ ]+@[^@ ]+\\.[^@ ]+")) {
            return refused("INVALID_EMAIL_ADDRESS", "Email: invalid email address");
        }
        Object chosen = fields.get(FIELD);
        List<String> added = chosen == null || chosen.equals("")
                ? List.of()
                : List.of(chosen.toString().split(";"));
        if (restricted && !values.containsAll(added)) {
            return refused("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "bad value for restricted picklist field");
        }
        values.addAll(added);
        String saved = id == null ? insert(object, Map.of()) : id;
        fields.forEach((name, value) -> row(object, saved).put(name, stored(name, value)));
        return done(saved);
    }

    private static boolean isCleared(Map<String, Object> fields, String name) {
        return fields.containsKey(name) && fields.get(name) == null;
    }

    /** An empty text is none, and times come back with another zone than they went with. */
    private @Nullable Object stored(String name, @Nullable Object value) {
        Column column = column(name);
        if (value == null || value.equals("")) {
            return null;
        }
        return column != null && column.type().equals("datetime")
                ? value.toString().replace("Z", "+0000")
                : value;
    }

    /** Its rows go with a contact, and the definition of a tag with its last row. */
    private JsonObject delete(String id) {
        String object = PREFIXES.entrySet().stream()
                .filter(prefix -> id.startsWith(prefix.getValue()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
        Map<String, Object> removed = of(object).remove(id);
        if (removed == null) {
            return refused(gone.contains(id) ? "ENTITY_IS_DELETED" : "INVALID_CROSS_REFERENCE_KEY", "no such record");
        }
        gone.add(id);
        of("TopicAssignment").values().removeIf(row -> id.equals(row.get("EntityId")));
        of("ContactTag").values().removeIf(row -> id.equals(row.get("ItemId")));
        if (object.equals("ContactTag")
                && find(object, row -> same(row, removed, "Type") && same(row, removed, "Name"))
                        .isEmpty()) {
            of("TagDefinition").values().removeIf(row -> same(row, removed, "Type") && same(row, removed, "Name"));
        }
        return done(id);
    }

    private static JsonObject done(String id) {
        return new JsonObject().put("id", id).put("success", true).put("errors", new JsonArray());
    }

    private static JsonObject refused(String code, String message) {
        return new JsonObject()
                .put("success", false)
                .put(
                        "errors",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("statusCode", code)
                                        .put("message", message)
                                        .put("fields", new JsonArray())));
    }

    private static Reply error(int status, String code, String message) {
        return new Reply(
                status,
                "application/json",
                new JsonArray()
                        .add(new JsonObject()
                                .put("errorCode", code)
                                .put("message", message)
                                .put("fields", new JsonArray()))
                        .encode(),
                List.of());
    }
}
