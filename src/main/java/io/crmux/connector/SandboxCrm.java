package io.crmux.connector;

import io.crmux.crm.Answer;
import io.crmux.crm.Limit;
import io.crmux.crm.Loop;
import io.crmux.crm.Request;
import io.crmux.crm.Settings;
import io.crmux.crm.Transport;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sandbox's CRM. Contacts of the start are made when they are asked for, and kept only when they change, so that ten million of them cost nothing.
 * Touched only on its account's loop.
 */
final class SandboxCrm implements Transport {

    private static final List<String> FIRST_TAGS = List.of("customer", "vip", "newsletter");
    private static final long SEED = 42;

    private final Loop loop;
    private final int contacts;
    private final List<String> firstTags;
    private final long latencyMillis;
    private final @Nullable Limit limit;
    private final double failureRate;
    private final Random random = new Random(SEED);
    private final Deque<Long> calls = new ArrayDeque<>();
    private final Set<String> tags;
    private final Map<String, Person> changed = new HashMap<>();
    private final Map<String, String> idsByEmail = new HashMap<>();
    private final Set<String> deleted = new LinkedHashSet<>();
    private long nextId;

    /** A contact that is not as it was at the start. */
    private record Person(String id, JsonObject fields, Set<String> tags) {}

    SandboxCrm(Settings settings, Loop loop) {
        this.loop = loop;
        contacts = settings.integer("contacts");
        firstTags = firstTags(settings.integer("tags_per_contact"));
        latencyMillis = settings.duration("latency").toMillis();
        limit = settings.rate("rate_limit").orElse(null);
        failureRate = settings.fraction("failure_rate");
        tags = new LinkedHashSet<>(firstTags);
        nextId = contacts + 1L;
    }

    private static List<String> firstTags(int count) {
        List<String> names = new ArrayList<>(FIRST_TAGS);
        for (char letter = 'a'; letter <= 'z'; letter++) {
            names.add("course-" + letter);
        }
        for (int i = names.size() + 1; i <= count; i++) {
            names.add("tag-" + i);
        }
        return List.copyOf(names.subList(0, count));
    }

    @Override
    public Future<Answer> exchange(Request request, long timeoutMillis) {
        Answer answer = isOverLimit() ? limited() : fails() ? answer(500, "scripted") : answer(request);
        if (latencyMillis == 0) {
            return Future.succeededFuture(answer);
        }
        Promise<Answer> late = Promise.promise();
        loop.after(latencyMillis, () -> late.complete(answer));
        return late.future();
    }

    private boolean fails() {
        return failureRate > 0 && random.nextDouble() < failureRate;
    }

    private boolean isOverLimit() {
        if (limit == null) {
            return false;
        }
        long now = loop.nanos();
        while (!calls.isEmpty() && calls.peekFirst() <= now - limit.window().toNanos()) {
            calls.pollFirst();
        }
        if (calls.size() >= limit.calls()) {
            return true;
        }
        calls.addLast(now);
        return false;
    }

    private static Answer limited() {
        Answer answer = answer(429, "too many calls");
        answer.headers().set("retry-after", "1");
        return answer;
    }

    private Answer answer(Request request) {
        String route = request.method() + " " + request.template();
        return switch (route) {
            case "GET /account" -> ok(new JsonObject().put("name", "sandbox"));
            case "GET /tags" -> ok(new JsonObject().put("tags", tagList()));
            case "POST /tags" -> addTag(json(request).getString("name"));
            case "GET /lists" ->
                ok(new JsonObject()
                        .put(
                                "lists",
                                new JsonArray()
                                        .add(new JsonObject().put("id", "1").put("name", "Everybody"))));
            case "GET /contacts" ->
                query(request, "email") == null ? withTag(request) : lookUp(query(request, "email"));
            case "POST /contacts" -> add(json(request).getJsonObject("fields"));
            default -> ofContact(route, request, request.path().split("/")[2]);
        };
    }

    private Answer ofContact(String route, Request request, String id) {
        Person person = person(id);
        if (person == null) {
            return answer(404, "no such contact");
        }
        return switch (route) {
            case "GET /contacts/{id}" -> ok(new JsonObject().put("id", id).put("fields", person.fields()));
            case "GET /contacts/{id}/tags" ->
                ok(new JsonObject().put("tags", new JsonArray(new ArrayList<>(person.tags()))));
            case "PATCH /contacts/{id}" -> update(person, json(request).getJsonObject("fields"));
            case "PUT /contacts/{id}/tags" -> change(person, json(request));
            case "POST /contacts/{id}/events" -> ok(new JsonObject());
            case "DELETE /contacts/{id}" -> delete(person);
            default -> answer(404, "no such call");
        };
    }

    private @Nullable Person person(String id) {
        Person known = changed.get(id);
        if (known != null || deleted.contains(id) || !isOfTheStart(id)) {
            return known;
        }
        return new Person(
                id, new JsonObject().put("email", "user" + id + "@example.com"), new LinkedHashSet<>(firstTags));
    }

    private boolean isOfTheStart(String id) {
        return id.matches("[1-9]\\d{0,8}") && Integer.parseInt(id) <= contacts;
    }

    private @Nullable String idOf(String email) {
        String key = email.toLowerCase(Locale.ROOT);
        String id = idsByEmail.get(key);
        if (id != null) {
            return id;
        }
        if (!key.matches("user[1-9]\\d{0,8}@example\\.com")) {
            return null;
        }
        String number = key.substring("user".length(), key.indexOf('@'));
        Person person = person(number);
        return person != null && key.equals(emailOf(person)) ? number : null;
    }

    private static String emailOf(Person person) {
        return person.fields().getString("email", "").toLowerCase(Locale.ROOT);
    }

    private Answer lookUp(@Nullable String email) {
        String id = email == null ? null : idOf(email);
        return ok(id == null ? new JsonObject() : new JsonObject().put("id", id));
    }

    private Answer add(JsonObject fields) {
        String email = fields.getString("email", "");
        if (!email.contains("@")) {
            return answer(422, "no address");
        }
        String existing = idOf(email);
        if (existing != null) {
            return new Answer(
                    409,
                    MultiMap.caseInsensitiveMultiMap(),
                    new JsonObject()
                            .put("message", "there is one")
                            .put("id", existing)
                            .toBuffer());
        }
        String id = Long.toString(nextId++);
        keep(new Person(id, set(new JsonObject(), fields), new LinkedHashSet<>()));
        return ok(new JsonObject().put("id", id));
    }

    private Answer update(Person person, JsonObject fields) {
        String other = fields.getString("email") == null ? null : idOf(fields.getString("email"));
        if (other != null && !other.equals(person.id())) {
            return answer(409, "another contact has this address");
        }
        idsByEmail.remove(emailOf(person));
        set(person.fields(), fields);
        keep(person);
        return ok(new JsonObject());
    }

    private static JsonObject set(JsonObject fields, JsonObject changes) {
        changes.forEach(change -> {
            if (change.getValue() == null) {
                fields.remove(change.getKey());
            } else {
                fields.put(change.getKey(), change.getValue());
            }
        });
        return fields;
    }

    private Answer change(Person person, JsonObject change) {
        change.getJsonArray("apply", new JsonArray()).forEach(tag -> {
            person.tags().add(tag.toString());
            tags.add(tag.toString());
        });
        change.getJsonArray("remove", new JsonArray()).forEach(person.tags()::remove);
        keep(person);
        return ok(new JsonObject());
    }

    private Answer delete(Person person) {
        changed.remove(person.id());
        idsByEmail.remove(emailOf(person));
        deleted.add(person.id());
        return ok(new JsonObject());
    }

    private void keep(Person person) {
        changed.put(person.id(), person);
        idsByEmail.put(emailOf(person), person.id());
    }

    private Answer addTag(String name) {
        return tags.add(name)
                ? ok(new JsonObject().put("id", name))
                : new Answer(
                        409,
                        MultiMap.caseInsensitiveMultiMap(),
                        new JsonObject().put("message", "there is one").toBuffer());
    }

    private JsonArray tagList() {
        JsonArray list = new JsonArray();
        tags.forEach(tag -> list.add(new JsonObject().put("id", tag).put("name", tag)));
        return list;
    }

    private Answer withTag(Request request) {
        String tag = query(request, "tag");
        int most = Integer.parseInt(String.valueOf(query(request, "limit")));
        String cursor = query(request, "cursor");
        JsonArray found = new JsonArray();
        long id = cursor == null ? 1 : Long.parseLong(cursor);
        while (id < nextId && found.size() < most) {
            Person person = person(Long.toString(id));
            if (person != null && tag != null && person.tags().contains(tag)) {
                found.add(person.id());
            }
            id++;
        }
        JsonObject page = new JsonObject().put("contacts", found);
        return ok(id < nextId ? page.put("cursor", Long.toString(id)) : page);
    }

    private static @Nullable String query(Request request, String name) {
        return request.query().stream()
                .filter(pair -> pair.name().equals(name))
                .map(Request.Pair::value)
                .findFirst()
                .orElse(null);
    }

    private static JsonObject json(Request request) {
        Buffer body = request.body();
        return body == null ? new JsonObject() : new JsonObject(body);
    }

    private static Answer ok(JsonObject json) {
        return new Answer(200, MultiMap.caseInsensitiveMultiMap(), json.toBuffer());
    }

    private static Answer answer(int status, String message) {
        return new Answer(
                status,
                MultiMap.caseInsensitiveMultiMap(),
                new JsonObject().put("message", message).toBuffer());
    }
}
