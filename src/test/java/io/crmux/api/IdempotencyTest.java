package io.crmux.api;

import static io.crmux.api.ApiClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes that are sent again, from the API down to the disk. */
@SuppressWarnings("NullAway.Init")
class IdempotencyTest {

    private static final String NEW = "{\"fields\":{\"user_email\":\"new@example.com\"},\"tags\":[\"vip\"]}";

    @TempDir
    private Path folder;

    private RunningApi api;

    @BeforeEach
    void start() {
        api = RunningApi.plain(folder);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private HttpResponse<String> send(String key, String method, String path, String body, String... headers) {
        return new ApiClient("http://127.0.0.1:" + api.port() + "/v1/main/").send(key, method, path, body, headers);
    }

    private HttpResponse<String> write(String method, String path, String body, String... headers) {
        return send(RunningApi.WRITER, method, path, body, headers);
    }

    private HttpResponse<String> apply(String tag, String... headers) {
        return write("POST", "contacts/7/tags", "{\"tags\":[\"" + tag + "\"]}", headers);
    }

    private static String operation(HttpResponse<String> answer) {
        return json(answer).getString("operation");
    }

    @Test
    void whatIsSentAgainIsNotWrittenAgain() {
        HttpResponse<String> first = apply("gold", "idempotency-key", "\"k\"");
        HttpResponse<String> second = apply("gold", "idempotency-key", "k");
        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(operation(second)).isEqualTo(operation(first));
        HttpResponse<String> waited = apply("gold", "idempotency-key", "k", "prefer", "wait=30");
        assertThat(waited.statusCode()).isEqualTo(200);
        assertThat(json(waited).getString("state")).isEqualTo("delivered");
        assertThat(operation(waited)).isEqualTo(operation(first));
        assertThat(operation(apply("gold"))).isNotEqualTo(operation(first));
    }

    @Test
    void aKeyStandsForOneRequestOfOneOwner() {
        HttpResponse<String> first = apply("gold", "idempotency-key", "k");
        HttpResponse<String> other = apply("silver", "idempotency-key", "k");
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(json(other).getString("type")).isEqualTo("idempotency-mismatch");
        HttpResponse<String> anotherOwners =
                send(RunningApi.ADMIN, "POST", "contacts/7/tags", "{\"tags\":[\"silver\"]}", "idempotency-key", "k");
        assertThat(anotherOwners.statusCode()).isEqualTo(202);
        assertThat(operation(anotherOwners)).isNotEqualTo(operation(first));
    }

    @Test
    void aRefusedRequestIsNotRemembered() {
        JsonObject bad = new JsonObject().put("fields", new JsonObject().put("user_email", "none"));
        assertThat(write("POST", "contacts", bad.encode(), "idempotency-key", "k")
                        .statusCode())
                .isEqualTo(422);
        assertThat(write("POST", "contacts", NEW, "idempotency-key", "k").statusCode())
                .isEqualTo(201);
    }

    @Test
    void aContactAndATagAreAddedOnce() {
        HttpResponse<String> first = write("POST", "contacts", NEW, "idempotency-key", "k");
        HttpResponse<String> second = write("POST", "contacts", NEW, "idempotency-key", "k");
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
        String tag = "{\"name\":\"platinum\"}";
        HttpResponse<String> created = write("POST", "tags", tag, "idempotency-key", "t");
        HttpResponse<String> again = write("POST", "tags", tag, "idempotency-key", "t");
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(created.body());
    }

    @Test
    void keysOutliveTheProcess() {
        HttpResponse<String> first = apply("gold", "idempotency-key", "k", "prefer", "wait=30");
        HttpResponse<String> added = write("POST", "contacts", NEW, "idempotency-key", "a");
        api.close();
        api = RunningApi.plain(folder);
        HttpResponse<String> second = apply("gold", "idempotency-key", "k");
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(operation(second)).isEqualTo(operation(first));
        HttpResponse<String> addedBefore = write("POST", "contacts", NEW, "idempotency-key", "a");
        assertThat(addedBefore.statusCode()).isEqualTo(201);
        assertThat(addedBefore.body()).isEqualTo(added.body());
        assertThat(apply("silver", "idempotency-key", "k").statusCode()).isEqualTo(422);
    }

    @Test
    void manyAtOnceAreOneWrite() {
        List<CompletableFuture<HttpResponse<String>>> racing = IntStream.range(0, 16)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> apply("gold", "idempotency-key", "k")))
                .toList();
        List<HttpResponse<String>> answers =
                racing.stream().map(CompletableFuture::join).toList();
        assertThat(answers).allMatch(answer -> List.of(200, 202, 409).contains(answer.statusCode()));
        assertThat(answers.stream().filter(answer -> answer.statusCode() == 202))
                .hasSize(1);
        assertThat(answers.stream()
                        .filter(answer -> answer.statusCode() != 409)
                        .map(IdempotencyTest::operation)
                        .distinct())
                .hasSize(1);
    }

    @Test
    void whoWillNotWaitForANewContactMayWriteToItsAddress() {
        HttpResponse<String> added = write("POST", "contacts", NEW, "prefer", "respond-async", "idempotency-key", "k");
        assertThat(added.statusCode()).isEqualTo(202);
        HttpResponse<String> followed =
                write("POST", "contacts/email:new@example.com/tags", "{\"tags\":[\"gold\"]}", "prefer", "wait=30");
        assertThat(followed.statusCode()).as(followed.body()).isEqualTo(200);
        HttpResponse<String> again = write("POST", "contacts", NEW, "prefer", "respond-async", "idempotency-key", "k");
        assertThat(again.statusCode()).as("its id is known").isEqualTo(201);
        JsonObject tags = json(write("GET", "contacts/email:new@example.com/tags", ""));
        assertThat(tags.getString("id")).isEqualTo(json(again).getString("id"));
        assertThat(tags.getJsonArray("tags")).containsExactly("vip", "gold");
    }
}
