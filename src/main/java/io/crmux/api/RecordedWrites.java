package io.crmux.api;

import io.crmux.crm.Page;
import io.crmux.gateway.ContactRef;
import io.crmux.gateway.DeadFilter;
import io.crmux.gateway.Recorded;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** The routes to the writes that are kept to be looked at: dead letters, and what was staged. */
final class RecordedWrites {

    private static final int MOST = 1000;
    private static final int DEFAULT = 100;
    private static final String STAGED = "staged";

    private final Description description;

    RecordedWrites(Description description) {
        this.description = description;
    }

    void dead(Exchange exchange, Visit visit) {
        Query query = query(exchange, visit);
        String contact = query.one("contact").orElse(null);
        page(
                exchange,
                visit.connection()
                        .deadLetters(contact(contact), query.one("cursor").orElse(null), limit(query)));
    }

    void staged(Exchange exchange, Visit visit) {
        Query query = query(exchange, visit);
        if (!query.one("state").orElse("").equals(STAGED)) {
            throw Problem.malformed("the query must have state=" + STAGED + ": no other writes are listed")
                    .failure();
        }
        page(exchange, visit.connection().staged(query.one("cursor").orElse(null), limit(query)));
    }

    void deadLetter(Exchange exchange, Visit visit) {
        String operation = visit.route().argument();
        if (visit.method().equals(HttpMethod.DELETE)) {
            visit.connection()
                    .discard(operation)
                    .onSuccess(done -> exchange.empty(204))
                    .onFailure(exchange::fail);
        } else {
            visit.connection()
                    .deadLetter(operation)
                    .onSuccess(recorded -> exchange.json(200, json(recorded)))
                    .onFailure(exchange::fail);
        }
    }

    void replay(Exchange exchange, Visit visit) {
        visit.connection()
                .replay(visit.route().argument())
                .onSuccess(replayed -> {
                    String operation = replayed.operation();
                    if (operation != null) {
                        exchange.headers().set(HttpHeaders.LOCATION, visit.location(operation));
                    }
                    exchange.json(
                            202,
                            new JsonObject()
                                    .put("operation", operation)
                                    .put("skipped", new JsonArray(new ArrayList<>(replayed.skipped()))));
                })
                .onFailure(exchange::fail);
    }

    void replayAll(Exchange exchange, Visit visit) {
        exchange.json()
                .compose(body -> description.check("DeadFilter", body))
                .map(body -> new DeadFilter(contact(body.getString("contact")), body.getString("type")))
                .compose(filter -> visit.connection().replay(filter))
                .onSuccess(count -> exchange.json(
                        202, new JsonObject().put("replayed", count.replayed()).put("superseded", count.superseded())))
                .onFailure(exchange::fail);
    }

    private static void page(Exchange exchange, Future<Page<Recorded>> read) {
        read.onSuccess(page -> {
                    JsonArray operations = new JsonArray();
                    page.items().forEach(recorded -> operations.add(json(recorded)));
                    JsonObject json = new JsonObject().put("operations", operations);
                    exchange.json(200, page.cursor() == null ? json : json.put("cursor", page.cursor()));
                })
                .onFailure(exchange::fail);
    }

    private static JsonObject json(Recorded recorded) {
        return Reading.json(recorded.fate()).put("changes", new JsonArray(new ArrayList<>(recorded.changes())));
    }

    private static @Nullable ContactRef contact(@Nullable String named) {
        if (named == null) {
            return null;
        }
        if (named.isEmpty()) {
            throw Problem.malformed("contact must be an id, or email: and an address")
                    .failure();
        }
        return Contacts.ref(named);
    }

    private static int limit(Query query) {
        return query.number("limit", 1, MOST, DEFAULT);
    }

    private static Query query(Exchange exchange, Visit visit) {
        return new Query(exchange.request().query(), visit.route().resource().query());
    }
}
