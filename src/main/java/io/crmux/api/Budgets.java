package io.crmux.api;

import io.crmux.crm.Budget;
import io.crmux.crm.Limit;
import io.crmux.crm.Quantities;
import io.crmux.crm.Standing;
import io.crmux.gateway.Gateway;
import io.crmux.telemetry.Metrics;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What is left of a connection's limits: as a document, and as the headers {@code RateLimit} and {@code RateLimit-Policy}
 * (draft-ietf-httpapi-ratelimit-headers-10) of every answer. The headers are written anew only when something has changed. One for each event loop.
 */
final class Budgets {

    private static final CharSequence RATE_LIMIT = HttpHeaders.createOptimized("ratelimit");
    private static final CharSequence RATE_LIMIT_POLICY = HttpHeaders.createOptimized("ratelimit-policy");

    private final Gateway gateway;
    private final Metrics metrics;
    private final Map<String, Written> written = new HashMap<>();

    private record Written(Standing of, CharSequence policy, CharSequence limit) {}

    Budgets(Gateway gateway, Metrics metrics) {
        this.gateway = gateway;
        this.metrics = metrics;
    }

    /** Adds the headers. */
    void headers(MultiMap headers, String connection) {
        Budget budget = gateway.budget(connection);
        if (budget == null) {
            return;
        }
        Standing standing = budget.standing();
        Written last = written.get(connection);
        if (last == null || last.of() != standing) {
            last = write(standing);
            written.put(connection, last);
        }
        headers.add(RATE_LIMIT_POLICY, last.policy());
        headers.add(RATE_LIMIT, last.limit());
    }

    /** Limits for certain paths are left out: they are of the CRM's own concern. */
    private static Written write(Standing standing) {
        StringBuilder policy = new StringBuilder();
        StringBuilder limit = new StringBuilder();
        for (Standing.Left left : standing.limits()) {
            String bucket = left.limit().bucket();
            if (bucket.equals(Limit.ORDINARY) || bucket.equals(Limit.EVERY)) {
                String name = '"' + Quantities.text(left.limit()) + '"';
                policy.append(name)
                        .append(";q=")
                        .append(left.limit().calls())
                        .append(";w=")
                        .append(seconds(left.limit().window().toMillis()))
                        .append(", ");
                limit.append(name).append(";r=").append(left.remaining());
                if (left.opensMillis() > 0) {
                    limit.append(";t=").append(seconds(left.opensMillis()));
                }
                limit.append(", ");
            }
        }
        policy.append("\"at-once\";q=").append(standing.concurrent()).append(";qu=\"concurrent-requests\"");
        limit.append("\"at-once\";r=").append(standing.concurrent() - standing.underWay());
        return new Written(
                standing,
                HttpHeaders.createOptimized(policy.toString()),
                HttpHeaders.createOptimized(limit.toString()));
    }

    private static long seconds(long millis) {
        return (millis + 999) / 1000;
    }

    /** Answers with the budget as it is now. */
    void answer(Exchange exchange, Visit visit) {
        String connection = visit.route().connection();
        Budget budget = gateway.budget(connection);
        if (budget == null) {
            exchange.problem(Problem.notFound("connection"));
            return;
        }
        budget.now()
                .onSuccess(standing -> {
                    exchange.headers().set(HttpHeaders.CACHE_CONTROL, "no-store");
                    exchange.json(200, json(standing, metrics.saved(connection)));
                })
                .onFailure(exchange::fail);
    }

    private static JsonObject json(Standing standing, Metrics.Saved saved) {
        JsonArray limits = new JsonArray();
        standing.limits().forEach(left -> limits.add(json(left)));
        JsonObject lanes = new JsonObject();
        standing.lanes()
                .forEach((lane, queue) -> lanes.put(
                        lane.name().toLowerCase(Locale.ROOT),
                        new JsonObject().put("waiting", queue.length()).put("oldest_ms", queue.oldestMillis())));
        return new JsonObject()
                .put("limits", limits)
                .put(
                        "at_once",
                        new JsonObject().put("calls", standing.concurrent()).put("under_way", standing.underWay()))
                .put("crm", standing.failing() ? "failing" : "working")
                .put("lanes", lanes)
                .put(
                        "saved",
                        new JsonObject()
                                .put("cache", saved.cache())
                                .put("coalescing", saved.coalescing())
                                .put("batching", saved.batching()));
    }

    private static JsonObject json(Standing.Left left) {
        return new JsonObject()
                .put("limit", Quantities.text(left.limit()))
                .put("bucket", left.limit().bucket())
                .put("calls", left.limit().calls())
                .put("window_ms", left.limit().window().toMillis())
                .put("remaining", left.remaining())
                .put("more_in_ms", left.opensMillis());
    }
}
