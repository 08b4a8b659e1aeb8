package io.crmux.api;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/** The routes for operators. */
final class Administration {

    private final BodyRules rules;

    Administration(BodyRules rules) {
        this.rules = rules;
    }

    void connect(Exchange exchange, Visit visit) {
        exchange.optionalJson()
                .map(body -> rules.check("Connect", body))
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
