package io.crmux.api;

import io.crmux.crm.Credentials;
import io.crmux.crm.CrmException;
import io.crmux.gateway.Gateway;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where an operator leaves for the CRM's page, and where the CRM sends them back. The way out needs a key; the way back has none, and is known by the state
 * that the operator was sent with.
 */
final class SignIn {

    private static final String PREFIX = "/oauth/";
    private static final String START = "/start";
    private static final String CALLBACK = "/oauth/callback";
    private static final CharSequence HTML = HttpHeaders.createOptimized("text/html; charset=utf-8");

    private final ServerOptions options;
    private final Gateway gateway;

    SignIn(ServerOptions options, Gateway gateway) {
        this.options = options;
        this.gateway = gateway;
    }

    /** Answers, if the path is one of these. */
    boolean handle(Exchange exchange, String path, Keys keys) {
        boolean isStart = path.startsWith(PREFIX)
                && path.endsWith(START)
                && path.indexOf('/', PREFIX.length()) == path.length() - START.length();
        if (!isStart && !path.equals(CALLBACK)) {
            return false;
        }
        exchange.named(isStart ? "/oauth/{connection}/start" : CALLBACK);
        HttpMethod method = exchange.request().method();
        if (!method.equals(HttpMethod.GET)) {
            exchange.headers().set("allow", "GET");
            exchange.problem(Problem.of(405, "method", "this address has no " + method));
        } else if (isStart) {
            start(exchange, path.substring(PREFIX.length(), path.length() - START.length()), keys);
        } else {
            finish(exchange);
        }
        return true;
    }

    private void start(Exchange exchange, String connection, Keys keys) {
        ApiKey key = keys.find(exchange.header(HttpHeaders.AUTHORIZATION));
        if (key == null) {
            Outside.unauthorized(exchange);
            return;
        }
        exchange.by(key);
        if (!key.reaches(connection) || !key.may().contains(Right.ADMIN)) {
            exchange.problem(Problem.of(403, "forbidden", "this key may not do this here"));
            return;
        }
        Credentials credentials = gateway.credentials(connection);
        if (credentials == null) {
            exchange.problem(Problem.notFound("connection"));
            return;
        }
        exchange.here(credentials.start(callback(exchange.request())))
                .onSuccess(page -> {
                    exchange.headers().set(HttpHeaders.LOCATION, page).set(HttpHeaders.CACHE_CONTROL, "no-store");
                    exchange.empty(302);
                })
                .onFailure(exchange::fail);
    }

    /** As the configuration says; else where this very request has found us. */
    private String callback(HttpServerRequest request) {
        String base = options.publicUrl();
        if (base != null) {
            return base + CALLBACK;
        }
        String host = request.headers().get(HttpHeaders.HOST);
        return "http://" + (host == null ? options.host() + ":" + options.port() : host)
                + options.basePath().replaceFirst("/$", "") + CALLBACK;
    }

    private void finish(Exchange exchange) {
        Map<String, String> parameters = new HashMap<>();
        exchange.request().params().forEach(parameters::putIfAbsent);
        String connection = connection(parameters.getOrDefault("state", ""));
        Credentials credentials = gateway.credentials(connection);
        if (credentials == null) {
            notAwaited(exchange);
            return;
        }
        exchange.here(credentials.finish(parameters))
                .onSuccess(done -> page(exchange, 200, connection + " is connected. This window can be closed."))
                .onFailure(failure -> {
                    if (failure instanceof CrmException crm && crm.kind() == CrmException.Kind.INVALID) {
                        notAwaited(exchange);
                    } else {
                        page(exchange, status(failure), connection + " is not connected: " + words(failure) + ".");
                    }
                });
    }

    /** The same for all that nobody waits for: it is not told which connections there are. */
    private static void notAwaited(Exchange exchange) {
        page(exchange, 400, "Nobody waits for this, or not any more. Begin anew with crmux connect NAME.");
    }

    /** The part of a state before the random one. */
    private static String connection(String state) {
        int point = state.indexOf('.');
        return point < 0 ? "" : state.substring(0, point);
    }

    private static int status(Throwable failure) {
        Problem problem = Problems.of(failure);
        return problem == null ? 500 : problem.status();
    }

    private static @Nullable String words(Throwable failure) {
        return failure instanceof CrmException crm ? crm.words() : "a fault of crmux";
    }

    /** It loads nothing, and tells nobody where it was: the address holds the code. */
    private static void page(Exchange exchange, int status, String text) {
        exchange.headers()
                .set(HttpHeaders.CACHE_CONTROL, "no-store")
                .set("referrer-policy", "no-referrer")
                .set("content-security-policy", "default-src 'none'")
                .set("x-content-type-options", "nosniff");
        exchange.send(
                status,
                HTML,
                Buffer.buffer(
                        "<!doctype html><html lang=\"en\"><title>crmux</title><p>" + escaped(text) + "</p></html>"));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
