package io.crmux.api;

import io.crmux.gateway.Connection;
import io.crmux.gateway.Gateway;
import io.crmux.telemetry.AccessLog;
import io.crmux.telemetry.Metrics;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where every request comes in: what is insane is refused, then the route is found, the key, the right and the connection, in this order, and nothing is
 * told of what the key may not see. One for each event loop.
 */
final class Front implements Handler<HttpServerRequest> {

    private static final CharSequence ALLOW = HttpHeaders.createOptimized("allow");

    private final String basePath;
    private final Gateway gateway;
    private final Keys keys;
    private final Handlers handlers;
    private final Outside outside;
    private final SignIn signIn;
    private final Metrics metrics;
    private final AccessLog log;
    private final RequestIds ids = new RequestIds();
    private String lastConnection = "";

    Front(
            ServerOptions options,
            List<ApiKey> keys,
            Gateway gateway,
            Handlers handlers,
            Outside outside,
            SignIn signIn,
            Metrics metrics,
            AccessLog log) {
        this.basePath = options.basePath();
        this.gateway = gateway;
        this.keys = new Keys(keys);
        this.handlers = handlers;
        this.outside = outside;
        this.signIn = signIn;
        this.metrics = metrics;
        this.log = log;
    }

    @Override
    public void handle(HttpServerRequest request) {
        Exchange exchange = new Exchange(
                request, ids.of(request.headers().get(Exchange.REQUEST_ID)), System.nanoTime(), metrics, log);
        try {
            route(exchange);
        } catch (RuntimeException failure) {
            exchange.fail(failure);
        }
        exchange.handled();
    }

    /** What the decoder could not read as HTTP. */
    void unreadable(HttpServerRequest request) {
        Exchange exchange = new Exchange(request, ids.of(null), System.nanoTime(), metrics, log);
        exchange.response().putHeader(HttpHeaders.CONNECTION, "close");
        exchange.problem(Unreadable.problem(request.decoderResult().cause()));
    }

    private void route(Exchange exchange) {
        HttpServerRequest request = exchange.request();
        String fault = Sanity.fault(request);
        if (fault != null) {
            exchange.response().putHeader(HttpHeaders.CONNECTION, "close");
            exchange.problem(Problem.malformed(fault));
            return;
        }
        String path = below(request.path());
        if (path == null) {
            exchange.problem(Problem.notFound("route"));
            return;
        }
        if (outside.handle(exchange, path, keys) || signIn.handle(exchange, path, keys)) {
            return;
        }
        Route route = Route.of(path, lastConnection);
        if (route == null) {
            exchange.problem(Problem.notFound("route"));
            return;
        }
        exchange.named(route.resource().template());
        visit(exchange, route);
    }

    /** The path below the base path, with a slash in front; null when it is not below it. */
    private @Nullable String below(@Nullable String path) {
        if (path == null || !path.startsWith(basePath)) {
            return null;
        }
        return path.substring(basePath.length() - 1);
    }

    private void visit(Exchange exchange, Route route) {
        HttpMethod method = exchange.request().method();
        if (method.equals(HttpMethod.OPTIONS)) {
            exchange.headers().set(ALLOW, route.resource().allow());
            exchange.empty(204);
            return;
        }
        ApiKey key = keys.find(exchange.header(HttpHeaders.AUTHORIZATION));
        if (key == null) {
            Outside.unauthorized(exchange);
            return;
        }
        exchange.by(key);
        Right needed = route.resource().right(method);
        if (needed == null) {
            exchange.headers().set(ALLOW, route.resource().allow());
            exchange.problem(Problem.of(405, "method", "this address has no " + method));
            return;
        }
        if (!key.reaches(route.connection()) || !key.may().contains(needed)) {
            exchange.problem(Problem.of(403, "forbidden", "this key may not do this here"));
            return;
        }
        Connection connection = gateway.connection(route.connection()).orElse(null);
        if (connection == null) {
            exchange.problem(Problem.notFound("connection"));
            return;
        }
        lastConnection = route.connection();
        handlers.budgets().headers(exchange.headers(), route.connection());
        if (!Accept.takesJson(exchange.header(HttpHeaders.ACCEPT))) {
            exchange.problem(Problem.of(406, "media-type", "answers are application/json"));
            return;
        }
        handlers.handle(exchange, new Visit(route, method, connection, basePath));
    }
}
