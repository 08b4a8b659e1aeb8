package io.crmux.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;

/** What lies outside the connections: health, readiness, metrics, the API's description and its pages. */
final class Outside {

    static final CharSequence PROMETHEUS = HttpHeaders.createOptimized("text/plain; version=0.0.4; charset=utf-8");

    private final Supplier<Future<Void>> ready;
    private final Supplier<String> metricsText;
    private final boolean metricsHere;
    private final Description description;
    private final Docs docs;

    /** @param metricsHere whether metrics are served here, for admin keys, since they have no address of their own */
    Outside(
            Supplier<Future<Void>> ready,
            Supplier<String> metricsText,
            boolean metricsHere,
            Description description,
            Docs docs) {
        this.ready = ready;
        this.metricsText = metricsText;
        this.metricsHere = metricsHere;
        this.description = description;
        this.docs = docs;
    }

    /** Answers, if the path is one of these. */
    boolean handle(Exchange exchange, String path, Keys keys) {
        if (path.startsWith("/v1/")) {
            return false;
        }
        boolean isDocs = path.equals("/docs") || path.startsWith("/docs/");
        boolean known = isDocs
                || path.equals("/health")
                || path.equals("/ready")
                || path.equals("/openapi.json")
                || (path.equals("/metrics") && metricsHere);
        if (!known) {
            return false;
        }
        exchange.named(isDocs ? "/docs" : path);
        HttpMethod method = exchange.request().method();
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            exchange.headers().set("allow", "GET, HEAD");
            exchange.problem(Problem.of(405, "method", "this address has no " + method));
        } else if (isDocs) {
            docs.handle(exchange, path);
        } else {
            answer(exchange, path, keys);
        }
        return true;
    }

    private void answer(Exchange exchange, String path, Keys keys) {
        switch (path) {
            case "/health" -> exchange.json(200, new JsonObject().put("status", "up"));
            case "/ready" ->
                ready.get()
                        .onSuccess(writable -> exchange.json(200, new JsonObject().put("status", "ready")))
                        .onFailure(failure -> exchange.problem(
                                Problem.of(503, "store-unavailable", "the store takes no changes at the moment")));
            case "/openapi.json" ->
                description
                        .text()
                        .onSuccess(text -> exchange.send(200, Exchange.JSON, text))
                        .onFailure(exchange::fail);
            default -> metrics(exchange, keys);
        }
    }

    private void metrics(Exchange exchange, Keys keys) {
        ApiKey key = keys.find(exchange.header(HttpHeaders.AUTHORIZATION));
        if (key == null) {
            unauthorized(exchange);
        } else if (!key.may().contains(Right.ADMIN)) {
            exchange.problem(Problem.of(403, "forbidden", "metrics are for admin keys"));
        } else {
            exchange.by(key);
            exchange.send(200, PROMETHEUS, Buffer.buffer(metricsText.get()));
        }
    }

    static void unauthorized(Exchange exchange) {
        exchange.headers().set("www-authenticate", "Bearer realm=\"crmux\"");
        exchange.problem(Problem.of(401, "unauthorized", "a known key is needed: Authorization: Bearer ..."));
    }
}
