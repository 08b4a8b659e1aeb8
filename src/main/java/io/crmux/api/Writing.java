package io.crmux.api;

import io.crmux.gateway.AddedContact;
import io.crmux.gateway.AddedTag;
import io.crmux.gateway.Fate;
import io.crmux.gateway.WriteOptions;
import io.crmux.gateway.Written;
import io.crmux.store.ChangeState;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The routes that write. Every 2xx that they answer stands for a change that is on disk. */
final class Writing {

    private static final long ADD_MILLIS = 10_000;
    private static final CharSequence PREFERENCE_APPLIED = HttpHeaders.createOptimized("preference-applied");

    private final Description description;

    Writing(Description description) {
        this.description = description;
    }

    void contactTags(Exchange exchange, Visit visit) {
        answer(
                exchange,
                visit,
                words(exchange, visit)
                        .compose(words -> visit.connection()
                                .changeTags(visit.contact(), words.apply(), words.remove(), options(exchange, visit))),
                false);
    }

    private Future<TagWords> words(Exchange exchange, Visit visit) {
        if (visit.method().equals(HttpMethod.DELETE)) {
            return Future.succeededFuture(TagWords.removed(new Query(
                    exchange.request().query(), visit.route().resource().query())));
        }
        return visit.method().equals(HttpMethod.POST)
                ? exchange.json().map(TagWords::applied)
                : exchange.json().map(TagWords::changed);
    }

    void contact(Exchange exchange, Visit visit) {
        if (visit.method().equals(HttpMethod.DELETE)) {
            answer(exchange, visit, visit.connection().deleteContact(visit.contact(), options(exchange, visit)), false);
            return;
        }
        answer(
                exchange,
                visit,
                exchange.json()
                        .compose(body -> description.check("UpdateContact", body))
                        .compose(body -> visit.connection()
                                .updateContact(
                                        visit.contact(),
                                        body.getJsonObject("fields"),
                                        body.getBoolean("map_meta_fields", true),
                                        options(exchange, visit))),
                true);
    }

    void event(Exchange exchange, Visit visit) {
        answer(
                exchange,
                visit,
                exchange.json()
                        .compose(body -> description.check("TrackEvent", body))
                        .compose(body -> visit.connection()
                                .trackEvent(
                                        visit.contact(),
                                        body.getString("name"),
                                        body.getJsonObject("properties", new JsonObject()),
                                        options(exchange, visit))),
                false);
    }

    void addTag(Exchange exchange, Visit visit) {
        exchange.json()
                .compose(body -> description.check("AddTag", body))
                .compose(body -> visit.connection().addTag(body.getString("name"), options(exchange, visit)))
                .onSuccess(added -> exchange.json(201, json(added)))
                .onFailure(exchange::fail);
    }

    private static JsonObject json(AddedTag added) {
        JsonObject json = new JsonObject().put("id", added.id()).put("name", added.name());
        return added.operation() == null ? json : json.put("operation", added.operation());
    }

    void addContact(Exchange exchange, Visit visit) {
        exchange.json()
                .compose(body -> description.check("AddContact", body))
                .compose(body -> visit.connection()
                        .addContact(
                                body.getJsonObject("fields"),
                                body.getBoolean("map_meta_fields", true),
                                tags(body),
                                options(exchange, visit, ADD_MILLIS)))
                .onSuccess(added -> added(exchange, visit, added))
                .onFailure(exchange::fail);
    }

    private static List<String> tags(JsonObject body) {
        JsonArray tags = body.getJsonArray("tags", new JsonArray());
        return tags.stream().map(String.class::cast).distinct().toList();
    }

    private static void added(Exchange exchange, Visit visit, AddedContact added) {
        Fate fate = added.fate();
        if (fate != null && fate.state() == ChangeState.DEAD) {
            dead(exchange, fate);
        } else if (added.id() != null) {
            JsonObject json = dropped(new JsonObject().put("id", added.id()), added.dropped());
            decided(exchange, added.created() ? 201 : 200, notMirrored(json, added.notMirrored()));
        } else {
            JsonObject json = dropped(new JsonObject().put("operation", added.operation()), added.dropped());
            accepted(exchange, visit, added.operation(), notMirrored(json, added.notMirrored()));
        }
    }

    private static void answer(Exchange exchange, Visit visit, Future<Written> write, boolean withDropped) {
        write.onSuccess(written -> written(exchange, visit, written, withDropped))
                .onFailure(exchange::fail);
    }

    /** Who waits is told what was decided; who repeats a write without waiting, what has become of it, whatever that is. */
    private static void written(Exchange exchange, Visit visit, Written written, boolean withDropped) {
        boolean waits = Preferences.of(exchange).waitMillis(0) > 0;
        Fate fate = written.fate();
        boolean told = fate != null && (fate.state().isEnd() || !waits);
        JsonObject json =
                fate != null && told ? Reading.json(fate) : new JsonObject().put("operation", written.operation());
        if (withDropped) {
            dropped(json, written.dropped());
        }
        notMirrored(json, written.notMirrored());
        if (fate == null || !told) {
            accepted(exchange, visit, written.operation(), json);
        } else if (fate.state() == ChangeState.DEAD && waits) {
            dead(exchange, fate);
        } else {
            decided(exchange, 200, json);
        }
    }

    private static JsonObject dropped(JsonObject json, List<String> dropped) {
        return json.put("dropped", new JsonArray(new ArrayList<>(dropped)));
    }

    private static JsonObject notMirrored(JsonObject json, List<String> connections) {
        return connections.isEmpty() ? json : json.put("not_mirrored", new JsonArray(new ArrayList<>(connections)));
    }

    private static void decided(Exchange exchange, int status, JsonObject json) {
        applied(exchange, true);
        exchange.json(status, json);
    }

    private static void dead(Exchange exchange, Fate fate) {
        applied(exchange, true);
        exchange.problem(Problems.ofDead(fate));
    }

    /** The answer to most writes says nothing else than the operation: it is written by hand. */
    private static void accepted(Exchange exchange, Visit visit, String operation, JsonObject json) {
        applied(exchange, false);
        exchange.headers().set(HttpHeaders.LOCATION, visit.location(operation));
        if (json.size() == 1 && operation.equals(json.getValue("operation"))) {
            exchange.send(202, Exchange.JSON, Buffer.buffer("{\"operation\":\"" + operation + "\"}"));
        } else {
            exchange.json(202, json);
        }
    }

    private static WriteOptions options(Exchange exchange, Visit visit) {
        return options(exchange, visit, 0);
    }

    private static WriteOptions options(Exchange exchange, Visit visit, long waitMillis) {
        Preferences preferences = Preferences.of(exchange);
        return new WriteOptions(
                preferences.waitMillis(preferences.respondAsync() ? 0 : waitMillis),
                exchange.trace(),
                Idempotency.of(exchange, visit));
    }

    private static void applied(Exchange exchange, boolean decided) {
        Preferences preferences = Preferences.of(exchange);
        List<String> applied = new ArrayList<>();
        if (preferences.respondAsync() && !decided) {
            applied.add("respond-async");
        }
        Integer wait = preferences.waitSeconds();
        if (wait != null && (decided || wait > 0)) {
            applied.add("wait=" + wait);
        }
        if (!applied.isEmpty()) {
            exchange.headers().set(PREFERENCE_APPLIED, String.join(", ", applied));
        }
    }
}
