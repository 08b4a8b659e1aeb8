package io.crmux.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.config.ConfigException;
import io.crmux.config.ConfigReader;
import io.crmux.connector.Sandbox;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose store takes no more changes says so where it is watched. */
class FullStoreTest {

    private static final String KEY = "a-key-for-tests-1234567890";

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void itIsNotReadyAndAMetricTellsIt() throws IOException, InterruptedException, ConfigException {
        Path file = folder.resolve("crmux.yaml");
        Files.writeString(file, """
                server: {port: 0}
                store: {path: '%s', max_changes: 1}
                keys:
                  - {name: admin, sha256: %s, connections: ["*"], may: [read, write, admin]}
                connections:
                  main: {crm: sandbox, failure_rate: 1.0}
                """.formatted(
                folder.resolve("crmux.db"), "6eac74bb8d761fffd356f6fba58955de7f8fc61034a682eedb5c6d8f3c51001c"));
        RunningGateway gateway = RunningGateway.start(new ConfigReader(List.of(new Sandbox()), Map.of()).read(file));
        try {
            String url = "http://127.0.0.1:" + gateway.port();
            assertThat(get(url + "/ready").statusCode()).isEqualTo(200);
            assertThat(get(url + "/metrics").body()).contains("crmux_store_full 0.0");
            assertThat(apply(url).statusCode()).isEqualTo(202);
            assertThat(apply(url).statusCode()).isEqualTo(503);
            assertThat(get(url + "/ready").statusCode()).isEqualTo(503);
            assertThat(get(url + "/metrics").body()).contains("crmux_store_full 1.0");
            assertThat(get(url + "/health").statusCode()).isEqualTo(200);
        } finally {
            gateway.stop(0);
        }
    }

    private HttpResponse<String> apply(String url) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url + "/v1/main/contacts/17/events"))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString("{\"name\":\"seen\"}")));
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.header("authorization", "Bearer " + KEY).build(), BodyHandlers.ofString());
    }
}
