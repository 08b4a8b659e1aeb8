package io.crmux.connector.fake;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Agile CRM's wire. Stateful; one thread calls it. */
public final class FakeAgileCrm extends FakeCrm {

    public static final String USER = "owner@example.com";
    public static final String KEY = "secret-key-of-agilecrm";

    private final Map<Long, Person> people = new TreeMap<>();
    private long ids = 5_629_585_249_009_664L;

    public FakeAgileCrm(Vertx vertx) {
        super(vertx);
    }

    /** A contact: properties by name and subtype. */
    private record Person(long id, Map<String, JsonObject> properties, JsonArray tags) {}

    /** Makes a contact whose address has a subtype. */
    @Override
    public synchronized String add(String email, String... tags) {
        Person person = person();
        set(person, new JsonArray().add(email(email).put("subtype", "work")));
        Stream.of(tags).forEach(person.tags::add);
        return Long.toString(person.id);
    }

    private static JsonObject email(String email) {
        return new JsonObject().put("type", "SYSTEM").put("name", "email").put("value", email);
    }

    private Person person() {
        Person person = new Person(++ids, new LinkedHashMap<>(), new JsonArray());
        people.put(person.id, person);
        return person;
    }

    @Override
    protected synchronized Reply handle(Received call) {
        String pair = Base64.getEncoder().encodeToString((USER + ":" + KEY).getBytes(StandardCharsets.UTF_8));
        if (!call.headers().contains("authorization: Basic " + pair)) {
            return text(401, "<html>Unauthorized</html>");
        }
        if (!call.headers().contains("accept: application/json")) {
            return text(200, "<contact/>");
        }
        String path = call.path().substring("/dev/api/".length());
        return switch (call.method() + " " + path) {
            case "GET users/current-user" -> Reply.json(200, new JsonObject().put("email", USER));
            case "GET tags" -> array(tags());
            case "GET search/" -> array(people.values().stream().map(FakeAgileCrm::json));
            case "POST contacts/search/email" ->
                array(new JsonArray(call.form("email_ids").get(0))
                        .stream().map(email -> byEmail(email.toString())).map(FakeAgileCrm::orEmpty));
            case "POST filters/filter/dynamic-filter" -> filter(call);
            case "POST contacts" -> create(call.json());
            case "PUT contacts/edit/tags", "PUT contacts/delete/tags", "PUT contacts/edit-properties" ->
                edit(path, call.json());
            default -> one(call, path);
        };
    }

    private static JsonObject orEmpty(@Nullable Person person) {
        return person == null ? new JsonObject() : json(person);
    }

    private Stream<JsonObject> tags() {
        return people.values().stream()
                .flatMap(person -> person.tags.stream())
                .distinct()
                .map(tag -> new JsonObject().put("tag", tag).put("entity_type", "tag"));
    }

    private Reply one(Received call, String path) {
        String email = "contacts/search/email/";
        Person person = path.startsWith(email)
                ? byEmail(URLDecoder.decode(path.substring(email.length()), StandardCharsets.UTF_8))
                : byId(path.replace("contacts/", ""));
        if (person == null) {
            return text(204, "");
        }
        if (call.method().equals("DELETE")) {
            people.remove(person.id);
            return text(204, "");
        }
        return Reply.json(200, json(person));
    }

    private @Nullable Person byId(String id) {
        return id.matches("\\d{1,18}") ? people.get(Long.parseLong(id)) : null;
    }

    private @Nullable Person byEmail(String email) {
        return people.values().stream()
                .filter(person -> person.properties.values().stream()
                        .anyMatch(property -> property.getString("name").equals("email")
                                && email.equals(property.getString("value"))))
                .findFirst()
                .orElse(null);
    }

    private Reply filter(Received call) {
        JsonObject rule = new JsonObject(call.form("filterJson").get(0))
                .getJsonArray("rules")
                .getJsonObject(0);
        int size = Integer.parseInt(call.form("page_size").get(0));
        String cursor = call.form("cursor").stream().findFirst().orElse("after-0");
        if (!cursor.matches("after-\\d{1,18}")) {
            return text(400, "Invalid cursor");
        }
        long after = Long.parseLong(cursor.substring("after-".length()));
        List<JsonObject> found = people.values().stream()
                .filter(person -> person.id > after && person.tags.contains(rule.getString("RHS")))
                .map(FakeAgileCrm::json)
                .toList();
        if (found.size() > size) {
            JsonObject last = found.get(size - 1);
            last.put("cursor", "after-" + last.getValue("id"));
        }
        return found.isEmpty() ? text(204, "") : array(found.stream().limit(size));
    }

    private Reply create(JsonObject wanted) {
        String email = wanted.getJsonArray("properties").stream()
                .map(JsonObject.class::cast)
                .filter(property -> property.getString("name").equals("email"))
                .map(property -> property.getString("value"))
                .findFirst()
                .orElse("");
        if (!email.contains("@") || byEmail(email) != null) {
            return text(400, "Sorry, duplicate contact found with the same email address, or none.");
        }
        Person person = person();
        set(person, wanted.getJsonArray("properties"));
        return Reply.json(200, json(person));
    }

    private Reply edit(String path, JsonObject wanted) {
        Person person = byId(wanted.getString("id"));
        if (person == null) {
            return text(path.equals("contacts/edit/tags") ? 400 : 204, "");
        }
        switch (path) {
            case "contacts/edit/tags" ->
                wanted.getJsonArray("tags").stream()
                        .filter(tag -> !person.tags.contains(tag))
                        .forEach(person.tags::add);
            case "contacts/delete/tags" -> wanted.getJsonArray("tags").forEach(person.tags::remove);
            default -> set(person, wanted.getJsonArray("properties"));
        }
        return Reply.json(200, json(person));
    }

    private static void set(Person person, JsonArray properties) {
        properties.stream()
                .map(JsonObject.class::cast)
                .forEach(property -> person.properties.put(
                        property.getString("name") + "+" + property.getString("subtype", ""), property));
    }

    /** An id comes as a number, and of every other contact as a text. */
    private static JsonObject json(Person person) {
        JsonArray properties = new JsonArray();
        person.properties.values().forEach(property -> properties.add(property.copy()));
        return new JsonObject()
                .put("id", person.id % 2 == 0 ? person.id : (Object) Long.toString(person.id))
                .put("type", "PERSON")
                .put("tags", person.tags.copy())
                .put("properties", properties);
    }

    private static Reply array(Stream<JsonObject> rows) {
        JsonArray array = new JsonArray();
        rows.forEach(array::add);
        return new Reply(200, "application/json", array.encode(), List.of());
    }

    private static Reply text(int status, String text) {
        return new Reply(status, "text/html", text, List.of());
    }
}
