package io.crmux.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the API tells of an account's budget, with a sandbox that takes three calls a day. */
@SuppressWarnings("NullAway.Init")
class BudgetTest {

    private final HttpClient http = HttpClient.newHttpClient();
    private RunningApi api;

    @BeforeEach
    void start(@TempDir Path folder) {
        api = new RunningApi(folder, "/", 15_000, Duration.ofSeconds(75), 100, Map.of("rate_limit", "3/d"));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + api.port() + "/v1/main/" + path);
        return http.send(
                HttpRequest.newBuilder(uri)
                        .header("authorization", "Bearer " + RunningApi.READER)
                        .build(),
                BodyHandlers.ofString());
    }

    private JsonObject budget() throws IOException, InterruptedException {
        return new JsonObject(get("budget").body());
    }

    @Test
    void theDocumentTellsWhatIsLeftAndWhatWasSaved() throws IOException, InterruptedException {
        JsonObject before = budget();
        assertThat(before.getJsonArray("limits").getJsonObject(0).getMap())
                .isEqualTo(Map.of(
                        "limit", "3/d",
                        "bucket", "ordinary",
                        "calls", 3,
                        "window_ms", 86_400_000,
                        "remaining", 3,
                        "more_in_ms", 0));
        get("contacts/17/tags");
        get("contacts/17/tags");
        JsonObject after = budget();
        assertThat(after.getJsonArray("limits").getJsonObject(0).getInteger("remaining"))
                .isEqualTo(2);
        assertThat(after.getJsonObject("saved").getInteger("cache")
                        - before.getJsonObject("saved").getInteger("cache"))
                .isEqualTo(1);
        assertThat(after.getJsonObject("lanes").fieldNames()).containsExactlyInAnyOrder("visitor", "write", "bulk");
        assertThat(after.getString("crm")).isEqualTo("working");
    }

    @Test
    void everyAnswerOfAConnectionTellsItInHeaders() throws IOException, InterruptedException {
        HttpResponse<String> answer = get("contacts/17/tags");
        assertThat(answer.headers().firstValue("ratelimit-policy"))
                .hasValue("\"3/d\";q=3;w=86400, \"at-once\";q=64;qu=\"concurrent-requests\"");
        assertThat(answer.headers().firstValue("ratelimit").orElse("")).startsWith("\"3/d\";r=");
    }

    @Test
    void whatIsSpentFailsAtOnceWithTheTimeToWait() throws IOException, InterruptedException {
        for (int contact = 1; contact <= 3; contact++) {
            assertThat(get("contacts/" + contact + "/tags").statusCode()).isEqualTo(200);
        }
        HttpResponse<String> spent = get("contacts/4/tags");
        assertThat(spent.statusCode()).isEqualTo(503);
        assertThat(Long.parseLong(spent.headers().firstValue("retry-after").orElse("0")))
                .isBetween(80_000L, 87_000L);
    }
}
