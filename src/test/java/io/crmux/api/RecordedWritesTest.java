package io.crmux.api;

import static io.crmux.api.ApiClient.header;
import static io.crmux.api.ApiClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Page;
import io.crmux.gateway.Address;
import io.crmux.gateway.ContactRef;
import io.crmux.gateway.DeadFilter;
import io.crmux.gateway.Fate;
import io.crmux.gateway.Recorded;
import io.crmux.gateway.Refusal;
import io.crmux.gateway.ReplayCount;
import io.crmux.gateway.Replayed;
import io.crmux.store.ChangeState;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How dead letters and staged writes are asked for, and told. */
@SuppressWarnings("NullAway.Init")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordedWritesTest {

    private static final String OPERATION = "0199a3c0-7d1e-7c1a-9f6b-0d5a8f0e2b11";
    private static final JsonObject CHANGE = new JsonObject()
            .put(
                    "tags",
                    new JsonObject().put("apply", new JsonArray().add("vip")).put("remove", new JsonArray()));
    private static final JsonObject PROBLEM = new JsonObject()
            .put("type", "invalid")
            .put("detail", "the CRM refuses this as invalid")
            .put("crm", new JsonObject().put("status", 400).put("message", "no"));
    private static final Recorded DEAD = new Recorded(
            new Fate(OPERATION, ChangeState.DEAD, "email:a@example.com", 0, 1000, 3, null, PROBLEM), List.of(CHANGE));

    private final ScriptedConnection connection = new ScriptedConnection();
    private RunningApi api;

    @BeforeAll
    void start() {
        api = RunningApi.over(connection.named("main"));
    }

    @AfterAll
    void stop() {
        api.close();
    }

    private HttpResponse<String> send(String key, String method, String path, String body) {
        return new ApiClient("http://127.0.0.1:" + api.port() + "/v1/main/").send(key, method, path, body);
    }

    private HttpResponse<String> get(String path) {
        return send(RunningApi.ADMIN, "GET", path, "");
    }

    private HttpResponse<String> post(String path, String body) {
        return send(RunningApi.ADMIN, "POST", path, body);
    }

    @Test
    void deadLettersArePaged() {
        connection.on("deadLetters", new Page<>(List.of(DEAD), "17"));
        HttpResponse<String> page = get("dead");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(Described.as("RecordedPage", json(page)).getString("cursor")).isEqualTo("17");
        assertThat(json(page).getJsonArray("operations"))
                .isEqualTo(new JsonArray()
                        .add(new JsonObject()
                                .put("operation", OPERATION)
                                .put("state", "dead")
                                .put("contact", "email:a@example.com")
                                .put("accepted", "1970-01-01T00:00:00Z")
                                .put("since", "1970-01-01T00:00:01Z")
                                .put("attempts", 3)
                                .putNull("waiting_for")
                                .put("problem", PROBLEM)
                                .put("changes", new JsonArray().add(CHANGE))));
        assertThat(connection.last().arguments()).isEqualTo(Arrays.asList(null, null, 100));
        connection.on("deadLetters", new Page<Recorded>(List.of(), null));
        HttpResponse<String> last = get("dead?contact=email:A%40example.com&cursor=17&limit=1000");
        assertThat(json(last)).isEqualTo(new JsonObject().put("operations", new JsonArray()));
        assertThat(connection.last().arguments())
                .containsExactly(ContactRef.email(Address.parse("A@example.com").orElseThrow()), "17", 1000);
        get("dead?contact=42");
        assertThat(connection.last().arguments().get(0)).isEqualTo(ContactRef.id("42"));
    }

    @Test
    void stagedWritesArePaged() {
        Recorded staged = new Recorded(new Fate(OPERATION, ChangeState.STAGED, "42", 0, 0, 0, null, null), List.of());
        connection.on("staged", new Page<>(List.of(staged), null));
        HttpResponse<String> page = get("operations?state=staged&cursor=5&limit=7");
        assertThat(page.statusCode()).isEqualTo(200);
        Described.as("RecordedPage", json(page));
        assertThat(json(page).getJsonArray("operations").getJsonObject(0).getString("state"))
                .isEqualTo("staged");
        assertThat(connection.last().arguments()).containsExactly("5", 7);
    }

    @Test
    void aDeadLetterIsShownAndDiscarded() {
        connection.on("deadLetter", DEAD).on("discard", Future.succeededFuture());
        HttpResponse<String> shown = get("dead/" + OPERATION);
        assertThat(shown.statusCode()).isEqualTo(200);
        assertThat(Described.as("Recorded", json(shown)).getJsonArray("changes"))
                .isEqualTo(new JsonArray().add(CHANGE));
        HttpResponse<String> discarded = send(RunningApi.ADMIN, "DELETE", "dead/" + OPERATION, "");
        assertThat(discarded.statusCode()).isEqualTo(204);
        assertThat(discarded.body()).isEmpty();
        assertThat(connection.last()).isEqualTo(new ScriptedConnection.Asked("discard", List.of(OPERATION)));
    }

    @Test
    void aReplayIsANewWriteAndTellsWhatItLeftOut() {
        connection.on("replay", new Replayed("0199a3c0-7d1e-7c1a-9f6b-0d5a8f0e2b12", List.of("vip")));
        HttpResponse<String> replayed = post("dead/" + OPERATION + "/replay", "");
        assertThat(replayed.statusCode()).isEqualTo(202);
        assertThat(header(replayed, "location")).isEqualTo("/v1/main/operations/0199a3c0-7d1e-7c1a-9f6b-0d5a8f0e2b12");
        assertThat(Described.as("Replayed", json(replayed)))
                .isEqualTo(new JsonObject()
                        .put("operation", "0199a3c0-7d1e-7c1a-9f6b-0d5a8f0e2b12")
                        .put("skipped", new JsonArray().add("vip")));
        assertThat(connection.last().arguments().get(0)).isEqualTo(OPERATION);
    }

    @Test
    void aReplayOfWhichNothingIsLeftIsNoWrite() {
        connection.on("replay", new Replayed(null, List.of("vip", "first_name")));
        HttpResponse<String> replayed = post("dead/" + OPERATION + "/replay", "");
        assertThat(replayed.statusCode()).isEqualTo(202);
        assertThat(header(replayed, "location")).isEmpty();
        assertThat(Described.as("Replayed", json(replayed)).getString("operation"))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
                    {}                                   | -  | -
                    {"contact":"42"}                     | 42 | -
                    {"type":"expired"}                   | -  | expired
                    {"contact":"42","type":"tag-unknown"}| 42 | tag-unknown
                    """)
    void allThatMatchAreReplayed(String body, String contact, String type) {
        connection.on("replay", new ReplayCount(2, 1));
        HttpResponse<String> replayed = post("dead/replay", body);
        assertThat(replayed.statusCode()).isEqualTo(202);
        assertThat(Described.as("ReplayCount", json(replayed)))
                .isEqualTo(new JsonObject().put("replayed", 2).put("superseded", 1));
        assertThat(connection.last().arguments().get(0))
                .isEqualTo(new DeadFilter(contact == null ? null : ContactRef.id(contact), type));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    GET    | dead?limit=0                    | ``                 | 400
                    GET    | dead?limit=1001                 | ``                 | 400
                    GET    | dead?contact=                   | ``                 | 400
                    GET    | dead?contact=email:nobody       | ``                 | 400
                    GET    | dead?type=expired               | ``                 | 400
                    GET    | operations                      | ``                 | 400
                    GET    | operations?state=queued         | ``                 | 400
                    GET    | operations?state=staged&limit=x | ``                 | 400
                    POST   | dead/replay                     | ``                 | 415
                    POST   | dead/replay                     | {"contact":""}     | 400
                    POST   | dead/replay                     | {"contact":1}      | 400
                    POST   | dead/replay                     | {"contact":"email:x"} | 400
                    POST   | dead/replay                     | {"type":""}        | 400
                    POST   | dead/replay                     | {"all":true}       | 400
                    DELETE | dead                            | ``                 | 405
                    POST   | dead/x                          | ``                 | 405
                    GET    | dead/replay                     | ``                 | 405
                    GET    | dead/                           | ``                 | 404
                    GET    | dead/x/y                        | ``                 | 404
                    POST   | dead/x/replay/y                 | ``                 | 404
                    POST   | dead//replay                    | ``                 | 404
                    """)
    void whatCannotBeMeantIsRefused(String method, String path, String body, int status) {
        int before = connection.asked().size();
        assertThat(send(RunningApi.ADMIN, method, path, body).statusCode()).isEqualTo(status);
        assertThat(connection.asked()).hasSize(before);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,dead",
        "GET,dead/x",
        "DELETE,dead/x",
        "POST,dead/x/replay",
        "POST,dead/replay",
        "GET,operations?state=staged"
    })
    void onlyAdminsMay(String method, String path) {
        HttpResponse<String> refused = send(RunningApi.READER, method, path, method.equals("POST") ? "{}" : "");
        assertThat(refused.statusCode()).isEqualTo(403);
    }

    @Test
    void whatIsNotDeadIsNotFound() {
        Refusal notDead = Refusal.of(Refusal.Reason.OPERATION_NOT_FOUND, "it is not dead");
        for (String method : new String[] {"deadLetter", "discard", "replay"}) {
            connection.on(method, Future.failedFuture(notDead));
        }
        for (HttpResponse<String> answer :
                List.of(get("dead/x"), send(RunningApi.ADMIN, "DELETE", "dead/x", ""), post("dead/x/replay", ""))) {
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(json(answer).getString("type")).isEqualTo("not-found");
        }
    }
}
