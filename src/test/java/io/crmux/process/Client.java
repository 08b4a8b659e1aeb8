package io.crmux.process;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A site's HTTP client. */
final class Client {

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final String base;
    private final String key;

    Client(String base, String key) {
        this.base = base;
        this.key = key;
    }

    /** An answer: its status, its JSON and its headers. */
    record Reply(int status, String text, HttpResponse<String> response) {

        JsonObject json() {
            return new JsonObject(text);
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        List<String> tags() {
            return json().getJsonArray("tags").stream().map(Object::toString).toList();
        }
    }

    boolean isReady() {
        try {
            return send("GET", "ready", null).status() == 200;
        } catch (UncheckedFailure notYet) {
            return false;
        }
    }

    Reply get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    Reply post(String path, JsonObject body, String... headers) {
        return send("POST", path, body, headers);
    }

    Reply patch(String path, JsonObject body, String... headers) {
        return send("PATCH", path, body, headers);
    }

    Reply delete(String path, String... headers) {
        return send("DELETE", path, null, headers);
    }

    CompletableFuture<Reply> start(String method, String path, JsonObject body, String... headers) {
        return HTTP.sendAsync(request(method, path, body, headers), BodyHandlers.ofString())
                .thenApply(response -> new Reply(response.statusCode(), response.body(), response));
    }

    CompletableFuture<Reply> startGet(String path) {
        return HTTP.sendAsync(request("GET", path, null), BodyHandlers.ofString())
                .thenApply(response -> new Reply(response.statusCode(), response.body(), response));
    }

    /** The value of a metric, summed over its labels that contain a text. */
    double metric(String name, String labels) {
        return get("metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(name) && line.contains(labels))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private Reply send(
            String method, String path, @org.jspecify.annotations.Nullable JsonObject body, String... headers) {
        try {
            HttpResponse<String> response = HTTP.send(request(method, path, body, headers), BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body(), response);
        } catch (IOException e) {
            throw new UncheckedFailure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedFailure(e);
        }
    }

    private HttpRequest request(
            String method, String path, @org.jspecify.annotations.Nullable JsonObject body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Duration.ofSeconds(70))
                .header("authorization", "Bearer " + key)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode()));
        if (body != null) {
            request.header("content-type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.build();
    }

    /** The server is not there, or gone. */
    static final class UncheckedFailure extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UncheckedFailure(Exception cause) {
            super(cause);
        }
    }
}
