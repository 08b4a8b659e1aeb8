package io.crmux.api;

import io.crmux.crm.Credentials;
import io.crmux.gateway.Gateway;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The routes for operators. */
final class Administration {

    private final Description description;
    private final Gateway gateway;

    Administration(Description description, Gateway gateway) {
        this.description = description;
        this.gateway = gateway;
    }

    /** How the connection stands with its credentials. */
    void connected(Exchange exchange, Visit visit) {
        Credentials credentials = gateway.credentials(visit.connection().name());
        if (credentials == null) {
            exchange.problem(Problem.notFound("connection"));
            return;
        }
        credentials.now().onSuccess(state -> exchange.json(200, json(state))).onFailure(exchange::fail);
    }

    private static JsonObject json(Credentials.State state) {
        Long since = state.sinceMillis();
        return new JsonObject()
                .put("connected", state.isConnected())
                .put("by", state.source().name().toLowerCase(Locale.ROOT))
                .put("since", since == null ? null : Instant.ofEpochMilli(since).toString())
                .put("problem", state.problem())
                .put("answers", state.answers());
    }

    void connect(Exchange exchange, Visit visit) {
        exchange.optionalJson()
                .compose(body -> description.check("Connect", body))
                .compose(body -> visit.connection().connect(settings(body), exchange.trace()))
                .onSuccess(account -> exchange.json(
                        200, new JsonObject().put("connected", true).put("account", account.name())))
                .onFailure(failure -> exchange.fail(failure, Problems.ofConnect(failure)));
    }

    private static Map<String, String> settings(JsonObject body) {
        Map<String, String> settings = new HashMap<>();
        body.forEach(entry -> settings.put(entry.getKey(), String.valueOf(entry.getValue())));
        return settings;
    }

    void purge(Exchange exchange, Visit visit) {
        Future<Void> purged = visit.route().resource() == Resource.CACHE
                ? visit.connection().purge()
                : visit.connection().purge(visit.contact());
        purged.onSuccess(done -> exchange.empty(204)).onFailure(exchange::fail);
    }
}
