package io.crmux.process;

import io.crmux.connector.fake.FakeCrm.Received;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A CRM that writes down everything that is done to it, in order. It speaks as much of ActiveCampaign's wire as writes need, refuses what begins with
 * {@link #REFUSED}, and answers a little after it has acted, so that whoever is killed meanwhile does not know.
 */
final class Witness implements AutoCloseable {

    static final String REFUSED = "refuse-";

    private static final int LONGEST_ANSWER_MILLIS = 8;

    private final Vertx vertx;
    private final HttpServer server;
    private final Random random;
    private final Map<String, Person> byId = new HashMap<>();
    private final Map<String, Person> byEmail = new HashMap<>();
    private final List<Runnable> parked = new ArrayList<>();
    private List<Seen> log = new ArrayList<>();
    private boolean shut;
    private int failPercent;

    /** What was done. */
    enum Act {
        APPLIED,
        REMOVED,
        SET,
        TRACKED
    }

    /** One thing that was done to the contact with that address; the word is a tag, a field's value or an event's name. */
    record Seen(Act act, String word, String email) {}

    private record Person(String id, String email, Set<String> tags) {

        JsonObject json() {
            return new JsonObject().put("id", id).put("email", email);
        }
    }

    Witness(Vertx vertx, long seed) {
        this.vertx = vertx;
        this.random = new Random(seed);
        this.server = vertx.createHttpServer().requestHandler(this::receive);
        server.listen(0, "127.0.0.1").await();
    }

    int port() {
        return server.actualPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    /** A connection to it, for the configuration. @param url where it is reached */
    static String connection(String url) {
        return connection(url, 4);
    }

    /** The same, which may be called so often at once. */
    static String connection(String url, int concurrent) {
        return "  main: {crm: activecampaign, url: \"" + url + "\", key: key-of-the-witness, urls: {events: \"" + url
                + "\"}, batch: {linger: 20ms}, limit: {rate: 10000/s, concurrent: " + concurrent
                + "}}";
    }

    /** From now on it fails in so many of a hundred calls, and does nothing then. */
    synchronized void fail(int percent) {
        failPercent = percent;
    }

    /** Makes a contact; answers with its id. */
    synchronized String add(String email) {
        return make(email).id();
    }

    private Person make(String email) {
        Person person = new Person(Integer.toString(byId.size() + 1), email, new LinkedHashSet<>());
        byId.put(person.id(), person);
        byEmail.put(email, person);
        return person;
    }

    synchronized boolean knows(String email) {
        return byEmail.containsKey(email);
    }

    synchronized int size() {
        return byId.size();
    }

    synchronized Set<String> tags(String email) {
        Person person = byEmail.get(email);
        return person == null ? Set.of() : Set.copyOf(person.tags());
    }

    /** What was done since this was last asked, in order. */
    synchronized List<Seen> read() {
        List<Seen> read = log;
        log = new ArrayList<>();
        return read;
    }

    /** Lets calls wait until {@link #open}. */
    synchronized void shut() {
        shut = true;
    }

    synchronized void open() {
        shut = false;
        List.copyOf(parked).forEach(Runnable::run);
        parked.clear();
    }

    private void receive(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            Received call = new Received(
                    request.method().name(), String.valueOf(request.path()), request.query(), List.of(), body);
            arrived(() -> answer(request, call));
        });
    }

    private synchronized void arrived(Runnable work) {
        if (shut) {
            parked.add(work);
        } else {
            work.run();
        }
    }

    /** What was sent by a process that is dead by now, and did not arrive while it lived, never arrives. */
    private synchronized void answer(HttpServerRequest request, Received call) {
        if (request.response().closed()) {
            return;
        }
        JsonObject answer = random.nextInt(100) < failPercent ? failure() : act(call);
        int status = (int) answer.remove("status");
        vertx.setTimer(
                1 + random.nextInt(LONGEST_ANSWER_MILLIS),
                later -> request.response()
                        .setStatusCode(status)
                        .putHeader("content-type", "application/json")
                        .end(answer.encode()));
    }

    private JsonObject failure() {
        return new JsonObject()
                .put("status", random.nextInt(4) == 0 ? 429 : 500)
                .put("message", "not now");
    }

    private JsonObject act(Received call) {
        return switch (call.method() + " " + call.path()) {
            case "GET /api/3/tags" -> new JsonObject().put("status", 200).put("tags", new JsonArray());
            case "GET /api/3/contacts" -> find(call.query("email"));
            case "POST /api/3/contacts" -> create(call.json().getJsonObject("contact"));
            case "POST /admin/api.php" -> v1(call, call.query("api_action").get(0));
            case "POST /event" -> track(call);
            default -> contact(byId.get(call.path().substring("/api/3/contacts/".length())), call);
        };
    }

    /** Nobody when no address is asked for: so the account is tried. */
    private JsonObject find(List<String> emails) {
        JsonArray found = new JsonArray();
        emails.stream().map(byEmail::get).filter(Objects::nonNull).forEach(person -> found.add(person.json()));
        return new JsonObject().put("status", 200).put("contacts", found);
    }

    private JsonObject create(JsonObject fields) {
        String email = fields.getString("email");
        if (knows(email)) {
            JsonObject error = new JsonObject()
                    .put("title", "Email address already exists")
                    .put("code", "duplicate");
            return new JsonObject().put("status", 422).put("errors", new JsonArray().add(error));
        }
        Person person = make(email);
        set(person, fields);
        return new JsonObject().put("status", 201).put("contact", person.json());
    }

    private JsonObject contact(@Nullable Person person, Received call) {
        if (person == null) {
            return new JsonObject().put("status", 404).put("message", "No Result found");
        }
        if (call.method().equals("PUT")) {
            set(person, call.json().getJsonObject("contact"));
        }
        return new JsonObject().put("status", 200).put("contact", person.json());
    }

    private void set(Person person, JsonObject fields) {
        fields.getJsonArray("fieldValues", new JsonArray())
                .forEach(field -> log.add(new Seen(Act.SET, ((JsonObject) field).getString("value"), person.email())));
    }

    private JsonObject v1(Received call, String action) {
        if (action.equals("user_me")) {
            return v1(1, "").put("trackid", "1").put("eventkey", "2");
        }
        Person person = byId.get(call.form("id").get(0));
        List<String> tags = call.form("tags[]");
        if (person == null) {
            return v1(0, "Contact does not exist");
        }
        if (tags.stream().anyMatch(tag -> tag.startsWith(REFUSED))) {
            return v1(0, "This tag is refused");
        }
        boolean apply = action.equals("contact_tag_add");
        for (String tag : tags) {
            log.add(new Seen(apply ? Act.APPLIED : Act.REMOVED, tag, person.email()));
            if (apply) {
                person.tags().add(tag);
            } else {
                person.tags().remove(tag);
            }
        }
        return v1(1, "");
    }

    private static JsonObject v1(int code, String message) {
        return new JsonObject().put("status", 200).put("result_code", code).put("result_message", message);
    }

    private JsonObject track(Received call) {
        String email = new JsonObject(call.form("visit").get(0)).getString("email");
        log.add(new Seen(Act.TRACKED, call.form("event").get(0), email));
        return new JsonObject().put("status", 200).put("success", 1);
    }

    @Override
    public void close() {
        server.close().await();
    }
}
