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
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** ActiveCampaign's wire: API v3, and the calls of v1 that crmux makes. Stateful; one thread calls it. */
public final class FakeActiveCampaign extends FakeCrm {

    public static final String KEY = "secret-key-of-activecampaign";

    private static final int MOST = 100;
    private static final int MOST_IMPORTED = 250;
    private static final int MOST_BYTES = 399_999;

    private final Map<Integer, Person> people = new TreeMap<>();
    private final Map<String, Integer> tags = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Set<String> excluded = new LinkedHashSet<>();
    private final Map<String, Import> imports = new LinkedHashMap<>();
    private int ids = 100;

    /** Contacts that are to be imported, and how often it was asked for. */
    private static final class Import {
        final List<JsonObject> contacts;
        final JsonArray done = new JsonArray();
        final JsonArray refused = new JsonArray();
        int polls;

        Import(List<JsonObject> contacts) {
            this.contacts = contacts;
        }
    }

    /** A contact. */
    public static final class Person {
        final int id;
        String email;
        final Map<String, String> standard = new LinkedHashMap<>();
        final Map<String, String> custom = new LinkedHashMap<>();
        final Set<String> tags = new LinkedHashSet<>();

        Person(int id, String email) {
            this.id = id;
            this.email = email;
        }

        public Set<String> tags() {
            return Set.copyOf(tags);
        }

        public Map<String, String> custom() {
            return Map.copyOf(custom);
        }
    }

    public FakeActiveCampaign(Vertx vertx) {
        super(vertx);
    }

    @Override
    public synchronized String add(String email, String... withTags) {
        Person person = new Person(++ids, email);
        people.put(person.id, person);
        Stream.of(withTags).forEach(tag -> person.tags.add(named(tag)));
        return Integer.toString(person.id);
    }

    public synchronized @Nullable Person person(String id) {
        return people.get(Integer.parseInt(id));
    }

    /** Puts an address on the list of those that imports skip. */
    public synchronized void exclude(String email) {
        excluded.add(email);
    }

    /** How many contacts there are. */
    public synchronized int size() {
        return people.size();
    }

    private String named(String tag) {
        tags.computeIfAbsent(tag, absent -> tags.size() + 1);
        return tags.keySet().stream().filter(tag::equalsIgnoreCase).findFirst().orElse(tag);
    }

    @Override
    protected synchronized Reply handle(Received call) {
        if (call.path().equals("/admin/api.php")) {
            return call.query("api_key").contains(KEY)
                    ? v1(call, call.query("api_action").get(0))
                    : v1(0, "You are not authorized to access this file");
        }
        if (call.path().equals("/event")) {
            return Reply.json(200, new JsonObject().put("success", 1).put("message", "Event spawned"));
        }
        if (!call.headers().contains("api-token: " + KEY)) {
            return Reply.json(403, new JsonObject().put("message", "You do not have permission"));
        }
        if (call.path().equals("/api/3/users/me")) {
            return Reply.json(
                    200,
                    new JsonObject().put("user", new JsonObject().put("id", "1").put("email", "owner@example.com")));
        }
        if (call.path().startsWith("/api/3/import/")) {
            return call.method().equals("POST") ? queue(call) : imported(call);
        }
        String[] path = call.path().substring("/api/3/".length()).split("/");
        return path.length == 1 ? collection(call, path[0]) : contact(call, path[1]);
    }

    // ---- v1

    private Reply v1(Received call, String action) {
        if (action.equals("user_me")) {
            return Reply.json(
                    200,
                    new JsonObject()
                            .put("trackid", "12345")
                            .put("eventkey", "event-key")
                            .put("result_code", 1));
        }
        String id = action.equals("contact_view")
                ? call.query("id").get(0)
                : call.form("id").get(0);
        Person person = id.matches("\\d{1,9}") ? people.get(Integer.parseInt(id)) : null;
        if (person == null) {
            return action.equals("contact_view")
                    ? v1(0, "Failed: Nothing is returned")
                    : v1(0, "Contact does not exist");
        }
        switch (action) {
            case "contact_tag_add" -> call.form("tags[]").forEach(tag -> person.tags.add(named(tag)));
            case "contact_tag_remove" ->
                call.form("tags[]").forEach(tag -> person.tags.removeIf(tag::equalsIgnoreCase));
            default -> {
                return Reply.json(
                        200,
                        new JsonObject()
                                .put("id", Integer.toString(person.id))
                                .put("email", person.email)
                                .put("tags", new JsonArray(List.copyOf(person.tags)))
                                .put("result_code", 1));
            }
        }
        return v1(1, "Tags changed");
    }

    private static Reply v1(int code, String message) {
        return Reply.json(
                200,
                new JsonObject()
                        .put("result_code", code)
                        .put("result_message", message)
                        .put("result_output", "json"));
    }

    // ---- v3

    private Reply collection(Received call, String name) {
        return switch (call.method() + " " + name) {
            case "GET tags" -> tags(call);
            case "POST tags" -> addTag(call.json().getJsonObject("tag"));
            case "GET fields" ->
                list(call, "fields", Stream.of(field("1", "Birthday", "date"), field("2", "Colours", "listbox")));
            case "GET lists" ->
                list(call, "lists", Stream.of(new JsonObject().put("id", "1").put("name", "Newsletter")));
            case "GET contacts" -> contacts(call);
            case "POST contacts" -> addContact(call.json().getJsonObject("contact"));
            default -> notFound(call.path());
        };
    }

    private static JsonObject field(String id, String title, String type) {
        return new JsonObject()
                .put("id", id)
                .put("title", title)
                .put("type", type)
                .put("visible", "1");
    }

    private Reply tags(Received call) {
        List<String> exact = call.query("filters[search][eq]");
        return list(
                call,
                "tags",
                tags.entrySet().stream()
                        .filter(tag -> exact.isEmpty() || exact.get(0).equalsIgnoreCase(tag.getKey()))
                        .map(tag -> new JsonObject()
                                .put("id", tag.getValue().toString())
                                .put("tag", tag.getKey())
                                .put("tagType", tag.getKey().startsWith("template:") ? "template" : "contact")
                                .put("description", "")));
    }

    private Reply addTag(JsonObject tag) {
        String name = tag.getString("tag");
        if (tags.containsKey(name)) {
            return errors(422, "duplicate", "Tag already exists");
        }
        named(name);
        return Reply.json(201, new JsonObject().put("tag", tag.copy().put("id", String.valueOf(tags.get(name)))));
    }

    private Reply contacts(Received call) {
        Predicate<Person> wanted = person -> true;
        if (!call.query("email").isEmpty()) {
            wanted = person -> person.email.equalsIgnoreCase(call.query("email").get(0));
        }
        if (!call.query("ids[]").isEmpty()) {
            Set<String> some = Set.copyOf(call.query("ids[]"));
            wanted = person -> some.contains(Integer.toString(person.id));
        }
        if (!call.query("tagid").isEmpty()) {
            String id = call.query("tagid").get(0);
            wanted = wanted.and(
                    person -> person.tags.stream().anyMatch(tag -> id.equals(String.valueOf(tags.get(tag)))));
        }
        if (!call.query("id_greater").isEmpty()) {
            int after = Integer.parseInt(call.query("id_greater").get(0));
            wanted = wanted.and(person -> person.id > after);
        }
        return list(call, "contacts", people.values().stream().filter(wanted).map(FakeActiveCampaign::json));
    }

    private static Reply list(Received call, String key, Stream<JsonObject> all) {
        int limit = Math.min(MOST, number(call, "limit", 20));
        List<JsonObject> rows = all.toList();
        int offset = Math.min(rows.size(), number(call, "offset", 0));
        JsonArray page = new JsonArray();
        rows.subList(offset, Math.min(rows.size(), offset + limit)).forEach(page::add);
        return Reply.json(
                200,
                new JsonObject()
                        .put(key, page)
                        .put("meta", new JsonObject().put("total", Integer.toString(rows.size()))));
    }

    private static int number(Received call, String name, int otherwise) {
        return call.query(name).isEmpty()
                ? otherwise
                : Integer.parseInt(call.query(name).get(0));
    }

    private Reply addContact(JsonObject fields) {
        String email = fields.getString("email", "");
        if (!email.contains("@")) {
            return errors(422, "invalid", "Email address is not valid");
        }
        if (byEmail(email) != null) {
            return errors(422, "duplicate", "Email address already exists in the system");
        }
        Person person = new Person(++ids, email);
        people.put(person.id, person);
        set(person, fields);
        return Reply.json(201, new JsonObject().put("contact", json(person)));
    }

    private @Nullable Person byEmail(String email) {
        return people.values().stream()
                .filter(person -> person.email.toLowerCase(Locale.ROOT).equals(email.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElse(null);
    }

    private static void set(Person person, JsonObject fields) {
        fields.forEach(field -> {
            if (field.getKey().equals("email")) {
                person.email = field.getValue().toString();
            } else if (field.getValue() instanceof JsonArray custom) {
                custom.forEach(each -> {
                    JsonObject value = (JsonObject) each;
                    person.custom.put(value.getString("field"), value.getString("value"));
                });
            } else {
                person.standard.put(field.getKey(), field.getValue().toString());
            }
        });
    }

    private Reply contact(Received call, String id) {
        Person person = id.matches("\\d{1,9}") ? people.get(Integer.parseInt(id)) : null;
        if (person == null) {
            return notFound("Subscriber with id " + id);
        }
        switch (call.method()) {
            case "PUT" -> {
                JsonObject fields = call.json().getJsonObject("contact");
                Person other = fields.getString("email") == null ? null : byEmail(fields.getString("email"));
                if (other != null && other.id != person.id) {
                    return errors(422, "duplicate", "Email address already exists in the system");
                }
                set(person, fields);
                return Reply.json(200, new JsonObject().put("contact", json(person)));
            }
            case "DELETE" -> {
                people.remove(person.id);
                return Reply.json(200, new JsonObject());
            }
            default -> {
                JsonArray values = new JsonArray();
                person.custom.forEach((field, value) -> values.add(
                        new JsonObject().put("contact", id).put("field", field).put("value", value)));
                return Reply.json(
                        200, new JsonObject().put("contact", json(person)).put("fieldValues", values));
            }
        }
    }

    // ---- the importer

    /** One that is not as it must be fails all. */
    private Reply queue(Received call) {
        List<JsonObject> contacts = call.json().getJsonArray("contacts").stream()
                .map(JsonObject.class::cast)
                .toList();
        JsonArray reasons = new JsonArray();
        for (int i = 0; i < contacts.size(); i++) {
            if (!contacts.get(i).getString("email").matches("[^\\s\"'(),:;<>@\\[\\]\\\\]+@\\S+\\.[A-Za-z]{2,}")) {
                reasons.add(new JsonObject().put("contact", i).put("failureReason", "Field 'email' incorrect format"));
            }
        }
        if (contacts.size() > MOST_IMPORTED || call.body().length() > MOST_BYTES) {
            reasons.add("too much");
        }
        if (!reasons.isEmpty()) {
            return Reply.json(
                    400,
                    new JsonObject()
                            .put("success", 0)
                            .put("message", "JSON payload did not pass validation. The import was not queued.")
                            .put("failureReasons", reasons));
        }
        String id = "import-" + (imports.size() + 1);
        imports.put(id, new Import(contacts));
        long queued = contacts.stream()
                .filter(contact -> !excluded.contains(contact.getString("email")))
                .count();
        return Reply.json(
                200,
                new JsonObject()
                        .put("Success", 1)
                        .put("queued_contacts", queued)
                        .put("batchId", id)
                        .put("message", "Contact import queued"));
    }

    /** It waits until it was asked for once. */
    private Reply imported(Received call) {
        Import queued = imports.get(call.query("batchId").get(0));
        if (queued == null) {
            return Reply.json(400, new JsonObject().put("success", 0).put("message", "'batchId' is not valid."));
        }
        if (++queued.polls == 2) {
            queued.contacts.forEach(contact -> carryOut(queued, contact));
        }
        return Reply.json(
                200,
                new JsonObject()
                        .put("status", queued.polls < 2 ? "waiting" : "completed")
                        .put("success", queued.done)
                        .put("failure", queued.refused));
    }

    private void carryOut(Import queued, JsonObject contact) {
        String email = contact.getString("email");
        if (excluded.contains(email)) {
            queued.refused.add(email);
            return;
        }
        Person known = byEmail(email);
        Person person = known == null ? new Person(++ids, email) : known;
        people.put(person.id, person);
        Map.of("first_name", "firstName", "last_name", "lastName", "phone", "phone")
                .forEach((imported, field) -> {
                    if (contact.containsKey(imported)) {
                        person.standard.put(field, contact.getString(imported));
                    }
                });
        contact.getJsonArray("tags").forEach(tag -> person.tags.add(named(tag.toString())));
        contact.getJsonArray("fields").forEach(each -> {
            JsonObject field = (JsonObject) each;
            person.custom.put(field.getInteger("id").toString(), field.getString("value"));
        });
        queued.done.add(Integer.toString(person.id));
    }

    private static JsonObject json(Person person) {
        JsonObject json = new JsonObject()
                .put("id", Integer.toString(person.id))
                .put("email", person.email)
                .put("firstName", "")
                .put("lastName", "")
                .put("phone", "");
        person.standard.forEach(json::put);
        return json;
    }

    private static Reply notFound(String what) {
        return Reply.json(404, new JsonObject().put("message", "No Result found for " + what));
    }

    private static Reply errors(int status, String code, String title) {
        return Reply.json(
                status,
                new JsonObject()
                        .put(
                                "errors",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("title", title)
                                                .put("detail", "")
                                                .put("code", code))));
    }
}
