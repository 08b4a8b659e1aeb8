package io.crmux.api;

import io.crmux.gateway.AddedContact;
import io.crmux.gateway.Fate;
import io.crmux.gateway.WriteOptions;
import io.crmux.gateway.Written;
import io.crmux.store.ChangeState;
import io.vertx.core.Future;
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

    private final BodyRules rules;

    Writing(BodyRules rules) {
        this.rules = rules;
    }

    void contactTags(Exchange exchange, Visit visit) {
        words(exchange, visit)
                .compose(words -> visit.connection()
                        .changeTags(visit.contact(), words.apply(), words.remove(), options(exchange)))
                .onSuccess(written -> accepted(exchange, visit, written, false))
                .onFailure(exchange::fail);
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
            visit.connection()
                    .deleteContact(visit.contact(), options(exchange))
                    .onSuccess(written -> accepted(exchange, visit, written, false))
                    .onFailure(exchange::fail);
            return;
        }
        exchange.json()
                .map(body -> rules.check("UpdateContact", body))
                .compose(body -> visit.connection()
                        .updateContact(
                                visit.contact(),
                                body.getJsonObject("fields"),
                                body.getBoolean("map_meta_fields", true),
                                options(exchange)))
                .onSuccess(written -> accepted(exchange, visit, written, true))
                .onFailure(exchange::fail);
    }

    void event(Exchange exchange, Visit visit) {
        exchange.json()
                .map(body -> rules.check("TrackEvent", body))
                .compose(body -> visit.connection()
                        .trackEvent(
                                visit.contact(),
                                body.getString("name"),
                                body.getJsonObject("properties", new JsonObject()),
                                options(exchange)))
                .onSuccess(written -> accepted(exchange, visit, written, false))
                .onFailure(exchange::fail);
    }

    void addTag(Exchange exchange, Visit visit) {
        exchange.json()
                .map(body -> rules.check("AddTag", body))
                .compose(body -> visit.connection().addTag(body.getString("name"), options(exchange)))
                .onSuccess(tag ->
                        exchange.json(201, new JsonObject().put("id", tag.id()).put("name", tag.name())))
                .onFailure(exchange::fail);
    }

    void addContact(Exchange exchange, Visit visit) {
        exchange.json()
                .map(body -> rules.check("AddContact", body))
                .compose(body -> visit.connection()
                        .addContact(
                                body.getJsonObject("fields"),
                                body.getBoolean("map_meta_fields", true),
                                tags(body),
                                new WriteOptions(preferences(exchange).waitMillis(ADD_MILLIS), exchange.trace())))
                .onSuccess(added -> added(exchange, visit, added))
                .onFailure(exchange::fail);
    }

    private static List<String> tags(JsonObject body) {
        JsonArray tags = body.getJsonArray("tags", new JsonArray());
        return tags.stream().map(String.class::cast).distinct().toList();
    }

    private static void added(Exchange exchange, Visit visit, AddedContact added) {
        applied(exchange, added.fate() != null);
        Fate fate = added.fate();
        if (fate != null && fate.state() == ChangeState.DEAD) {
            exchange.problem(Problems.ofDead(fate));
        } else if (added.id() != null) {
            exchange.json(
                    added.created() ? 201 : 200, dropped(new JsonObject().put("id", added.id()), added.dropped()));
        } else {
            exchange.headers().set(HttpHeaders.LOCATION, visit.location(added.operation()));
            exchange.json(202, dropped(new JsonObject().put("operation", added.operation()), added.dropped()));
        }
    }

    private static void accepted(Exchange exchange, Visit visit, Written written, boolean withDropped) {
        applied(exchange, written.fate() != null);
        Fate fate = written.fate();
        if (fate != null && fate.state() == ChangeState.DEAD) {
            exchange.problem(Problems.ofDead(fate));
            return;
        }
        if (fate != null) {
            JsonObject json = Reading.json(fate);
            exchange.json(200, withDropped ? dropped(json, written.dropped()) : json);
            return;
        }
        exchange.headers().set(HttpHeaders.LOCATION, visit.location(written.operation()));
        JsonObject json = new JsonObject().put("operation", written.operation());
        exchange.json(202, withDropped ? dropped(json, written.dropped()) : json);
    }

    private static JsonObject dropped(JsonObject json, List<String> dropped) {
        return json.put("dropped", new JsonArray(new ArrayList<>(dropped)));
    }

    private static Preferences preferences(Exchange exchange) {
        return Preferences.parse(exchange.header("prefer"));
    }

    private static WriteOptions options(Exchange exchange) {
        return new WriteOptions(preferences(exchange).waitMillis(0), exchange.trace());
    }

    private static void applied(Exchange exchange, boolean decided) {
        Integer wait = preferences(exchange).waitSeconds();
        if (wait != null && (decided || wait > 0)) {
            exchange.headers().set(PREFERENCE_APPLIED, "wait=" + wait);
        }
    }
}
