package io.crmux.command;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a running gateway, over its API. Its methods wait for the answer; they fail with an {@link UnreachableException} when no gateway
 * answers, and with a {@link RefusedException} when it answers with a problem.
 */
final class GatewayClient {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** A replay of very many dead letters is answered when all are entered. */
    private static final Duration ANSWER = Duration.ofHours(1);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final URI url;
    private final String connection;
    private final String token;

    GatewayClient(URI url, String connection, String token) {
        this.url = url;
        this.connection = connection;
        this.token = token;
    }

    /** A part of a path or of a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    JsonObject get(String path) {
        return send("GET", path, null);
    }

    JsonObject post(String path, @Nullable JsonObject body) {
        return send("POST", path, body);
    }

    void delete(String path) {
        send("DELETE", path, null);
    }

    /** Where an operator must go to let the connection in. */
    String signIn() {
        HttpResponse<String> answer = answer(
                request("GET", "/oauth/" + encoded(connection) + "/start", null).build());
        if (answer.statusCode() != 302) {
            read(answer);
        }
        return answer.headers().firstValue("location").orElseThrow(() -> strange(answer.statusCode()));
    }

    private JsonObject send(String method, String path, @Nullable JsonObject body) {
        return read(answer(
                request(method, "/v1/" + encoded(connection) + "/" + path, body).build()));
    }

    private HttpRequest.Builder request(String method, String path, @Nullable JsonObject body) {
        String base = url.toString().replaceFirst("/+$", "");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(ANSWER)
                .header("authorization", "Bearer " + token)
                .header("accept", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode()));
        if (body != null) {
            request.header("content-type", "application/json");
        }
        return request;
    }

    private HttpResponse<String> answer(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UnreachableException("the gateway at " + url + " cannot be reached"
                    + (e.getMessage() == null ? "" : ": " + e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted before the gateway at " + url + " has answered");
        }
    }

    private JsonObject read(HttpResponse<String> answer) {
        int status = answer.statusCode();
        if (status == 204) {
            return new JsonObject();
        }
        JsonObject json;
        try {
            json = new JsonObject(answer.body());
        } catch (DecodeException e) {
            throw strange(status);
        }
        if (status / 100 == 2) {
            return json;
        }
        if (json.getString("type") == null) {
            throw strange(status);
        }
        throw refused(status, json);
    }

    private UnreachableException strange(int status) {
        return new UnreachableException("what answers at " + url + " is no crmux: it answers with HTTP " + status);
    }

    private RefusedException refused(int status, JsonObject problem) {
        return new RefusedException(
                status,
                switch (status) {
                    case 401 -> "the gateway does not know the key in " + GatewayOption.TOKEN;
                    case 403 ->
                        "the key in " + GatewayOption.TOKEN + " has not the right admin for the connection "
                                + connection;
                    default -> problem.getString("detail", "") + " (" + problem.getString("type") + ")";
                });
    }
}
