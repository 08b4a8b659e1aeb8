package io.crmux.api;

import static io.crmux.api.ApiClient.header;
import static io.crmux.api.ApiClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters and staged writes from the API down to the disk: the sandbox refuses an address that another contact has. */
@SuppressWarnings("NullAway.Init")
class DeadLettersTest {

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

    private HttpResponse<String> send(String method, String path, String body, String... headers) {
        return new ApiClient("http://127.0.0.1:" + api.port() + "/v1/main/")
                .send(RunningApi.ADMIN, method, path, body, headers);
    }

    private JsonObject get(String path) {
        return json(send("GET", path, ""));
    }

    private HttpResponse<String> set(String contact, JsonObject fields) {
        return send(
                "PATCH",
                "contacts/" + contact,
                new JsonObject().put("fields", fields).encode(),
                "prefer",
                "wait=30");
    }

    /** Wants the address that another contact has; answers with the operation, which is dead. */
    private String refused(String contact, String other, String... more) {
        JsonObject fields = new JsonObject().put("user_email", "user" + other + "@example.com");
        for (String key : more) {
            fields.put(key, "old");
        }
        List<String> before = dead();
        assertThat(set(contact, fields).statusCode()).isEqualTo(422);
        List<String> after = new ArrayList<>(dead());
        after.removeAll(before);
        assertThat(after).hasSize(1);
        return after.get(0);
    }

    private List<String> dead() {
        return operations(get("dead"));
    }

    private static List<String> operations(JsonObject page) {
        return page.getJsonArray("operations").stream()
                .map(letter -> ((JsonObject) letter).getString("operation"))
                .toList();
    }

    private void free(String contact) {
        assertThat(set(contact, new JsonObject().put("user_email", "free" + contact + "@example.com"))
                        .statusCode())
                .isEqualTo(200);
    }

    private String end(String operation) {
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> get("operations/" + operation).getString("state"),
                        state -> !List.of("queued", "delivering", "accepted").contains(state));
    }

    @Test
    void aDeadLetterSaysWhatWasWrittenAndWhyItIsDead() {
        String operation = refused("1", "2");
        JsonObject letter = Described.as("Recorded", get("dead/" + operation));
        assertThat(Described.as("RecordedPage", get("dead")).getJsonArray("operations"))
                .isEqualTo(new JsonArray().add(letter));
        assertThat(letter.getString("state")).isEqualTo("dead");
        assertThat(letter.getString("contact")).isEqualTo("1");
        assertThat(letter.getJsonObject("problem").getJsonObject("crm").getString("message"))
                .isEqualTo("another contact has this address");
        assertThat(letter.getJsonArray("changes"))
                .isEqualTo(new JsonArray()
                        .add(new JsonObject()
                                .put(
                                        "update",
                                        new JsonObject()
                                                .put("fields", new JsonObject().put("user_email", "user2@example.com"))
                                                .put("map_meta_fields", true))));
    }

    @Test
    void aReplayIsDeliveredWithoutWhatALaterWriteHasSet() {
        String operation = refused("1", "2", "first_name");
        set("1", new JsonObject().put("first_name", "new"));
        free("2");
        HttpResponse<String> replayed = send("POST", "dead/" + operation + "/replay", "");
        assertThat(replayed.statusCode()).as(replayed.body()).isEqualTo(202);
        assertThat(json(replayed).getJsonArray("skipped")).isEqualTo(new JsonArray().add("first_name"));
        String anew = json(replayed).getString("operation");
        assertThat(header(replayed, "location")).isEqualTo("/v1/main/operations/" + anew);
        assertThat(end(anew)).isEqualTo("delivered");
        JsonObject fields = get("contacts/1").getJsonObject("fields");
        assertThat(fields.getString("user_email")).isEqualTo("user2@example.com");
        assertThat(fields.getString("first_name")).isEqualTo("new");
        assertThat(get("operations/" + operation).getString("state")).isEqualTo("discarded");
        assertThat(dead()).isEmpty();
        assertThat(send("POST", "dead/" + operation + "/replay", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void aLetterOfWhichALaterWriteHasLeftNothingIsNoNewWrite() {
        String operation = refused("1", "2");
        free("1");
        HttpResponse<String> replayed = send("POST", "dead/" + operation + "/replay", "");
        assertThat(replayed.statusCode()).isEqualTo(202);
        assertThat(json(replayed).getString("operation")).isNull();
        assertThat(json(replayed).getJsonArray("skipped")).isEqualTo(new JsonArray().add("user_email"));
        assertThat(header(replayed, "location")).isEmpty();
        assertThat(get("operations/" + operation).getString("state")).isEqualTo("discarded");
        assertThat(dead()).isEmpty();
    }

    @Test
    void oneThatIsGivenUpIsGone() {
        String operation = refused("1", "2");
        assertThat(send("DELETE", "dead/" + operation, "").statusCode()).isEqualTo(204);
        assertThat(send("DELETE", "dead/" + operation, "").statusCode()).isEqualTo(404);
        assertThat(send("GET", "dead/" + operation, "").statusCode()).isEqualTo(404);
        assertThat(send("GET", "dead/none", "").statusCode()).isEqualTo(404);
        assertThat(get("operations/" + operation).getString("state")).isEqualTo("discarded");
    }

    @Test
    void theListIsPagedAndNarrowedToAContact() {
        List<String> all = List.of(refused("1", "9"), refused("2", "9"), refused("1", "8"));
        List<String> paged = new ArrayList<>();
        JsonObject page = get("dead?limit=1");
        paged.addAll(operations(page));
        while (page.containsKey("cursor")) {
            page = get("dead?limit=1&cursor=" + page.getString("cursor"));
            paged.addAll(operations(page));
        }
        assertThat(paged).isEqualTo(all);
        assertThat(operations(get("dead?contact=1"))).containsExactly(all.get(0), all.get(2));
        assertThat(operations(get("dead?contact=3"))).isEmpty();
        assertThat(send("GET", "dead?cursor=nonsense", "").statusCode()).isEqualTo(400);
    }

    @Test
    void allThatMatchAreReplayed() {
        refused("1", "9");
        refused("2", "8");
        refused("3", "7");
        free("3");
        free("9");
        assertThat(json(send("POST", "dead/replay", "{\"type\":\"expired\"}")))
                .isEqualTo(new JsonObject().put("replayed", 0).put("superseded", 0));
        assertThat(json(send("POST", "dead/replay", "{\"contact\":\"1\"}")))
                .isEqualTo(new JsonObject().put("replayed", 1).put("superseded", 0));
        free("8");
        assertThat(json(send("POST", "dead/replay", "{}")))
                .isEqualTo(new JsonObject().put("replayed", 1).put("superseded", 1));
        assertThat(dead()).isEmpty();
    }

    @Test
    void deadLettersOutliveTheProcess() {
        String operation = refused("1", "2");
        api.close();
        api = RunningApi.plain(folder);
        assertThat(dead()).containsExactly(operation);
        assertThat(get("contacts/1").getJsonObject("fields").getString("user_email"))
                .isEqualTo("user1@example.com");
    }

    @Test
    void stagedWritesAreListedAndNotSent() {
        api.close();
        api = RunningApi.staging(folder);
        HttpResponse<String> applied = send("POST", "contacts/5/tags", "{\"tags\":[\"gold\"]}", "prefer", "wait=30");
        assertThat(applied.statusCode()).isEqualTo(200);
        assertThat(json(applied).getString("state")).isEqualTo("staged");
        HttpResponse<String> added = send("POST", "contacts", "{\"fields\":{\"user_email\":\"new@example.com\"}}");
        assertThat(added.statusCode()).isEqualTo(201);
        assertThat(json(added).getString("id")).startsWith("staging-");
        JsonObject first = Described.as("RecordedPage", get("operations?state=staged&limit=1"));
        JsonObject second = get("operations?state=staged&cursor=" + first.getString("cursor"));
        assertThat(send("GET", "operations?state=staged&cursor=nonsense", "").statusCode())
                .isEqualTo(400);
        assertThat(operations(first)).containsExactly(json(applied).getString("operation"));
        JsonObject creation = second.getJsonArray("operations").getJsonObject(0);
        assertThat(creation.getString("contact")).isEqualTo("email:new@example.com");
        assertThat(creation.getJsonArray("changes").getJsonObject(0).containsKey("create"))
                .isTrue();
        assertThat(get("contacts/5/tags").getJsonArray("tags").contains("gold")).isFalse();
        assertThat(dead()).isEmpty();
    }

    @Test
    void aStagedTagIsListedAndNotCreated() {
        api.close();
        api = RunningApi.staging(folder);
        HttpResponse<String> added = addGold();
        assertThat(added.statusCode()).isEqualTo(201);
        String operation = json(added).getString("operation");
        assertThat(json(added).getString("id")).isEqualTo("staging-" + operation);
        api.close();
        api = RunningApi.staging(folder);
        assertThat(addGold().body()).isEqualTo(added.body());
        JsonObject page = Described.as("RecordedPage", get("operations?state=staged"));
        assertThat(operations(page)).containsExactly(operation);
        JsonObject tag = page.getJsonArray("operations").getJsonObject(0);
        assertThat(tag.getJsonArray("changes").encode()).isEqualTo("[{\"add_tag\":{\"name\":\"gold\"}}]");
        JsonObject fate = Described.as("Fate", get("operations/" + operation));
        assertThat(fate.getString("state")).isEqualTo("staged");
        assertThat(fate.getMap()).containsEntry("contact", null);
        assertThat(get("tags").encode()).doesNotContain("gold");
    }

    private HttpResponse<String> addGold() {
        return send("POST", "tags", "{\"name\":\"gold\"}", "idempotency-key", "k");
    }

    @Test
    void aReplayEndsThoughTheCrmStillRefuses(@TempDir Path own) {
        api.close();
        api = new RunningApi(own, "/", 15_000, Duration.ofSeconds(75), 100, Map.of("contacts", "700"));
        JsonObject taken = new JsonObject().put("fields", new JsonObject().put("user_email", "user1@example.com"));
        for (int i = 2; i <= 700; i++) {
            send("PATCH", "contacts/" + i, taken.encode());
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> operations(get("dead?limit=1000")).size() == 699);
        assertThat(json(send("POST", "dead/replay", "{}")))
                .isEqualTo(new JsonObject().put("replayed", 699).put("superseded", 0));
    }
}
