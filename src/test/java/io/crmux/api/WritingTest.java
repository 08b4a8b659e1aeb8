package io.crmux.api;

import static io.crmux.api.ApiClient.header;
import static io.crmux.api.ApiClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.gateway.AddedContact;
import io.crmux.gateway.AddedTag;
import io.crmux.gateway.Fate;
import io.crmux.gateway.Refusal;
import io.crmux.gateway.RequestKey;
import io.crmux.gateway.WriteOptions;
import io.crmux.gateway.Written;
import io.crmux.store.ChangeState;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a write's headers reaches the connection, and how what it answers is told. */
@SuppressWarnings("NullAway.Init")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WritingTest {

    private static final String OPERATION = "0199a3c0-7d1e-7c1a-9f6b-0d5a8f0e2b11";
    private static final String ADD = "{\"fields\":{\"user_email\":\"a@example.com\"}}";
    private static final String TAGS = "{\"tags\":[\"vip\"]}";

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

    @BeforeEach
    void everythingIsAccepted() {
        for (String write : new String[] {"changeTags", "updateContact", "trackEvent", "deleteContact"}) {
            connection.on(write, accepted(false, null));
        }
        connection.on("addTag", new AddedTag("7", "gold", null));
        connection.on("addContact", added("42", fate(ChangeState.DELIVERED)));
    }

    private static Written accepted(boolean repeated, @Nullable Fate fate) {
        return new Written(OPERATION, List.of(), List.of(), repeated, fate);
    }

    private static AddedContact added(@Nullable String id, @Nullable Fate fate) {
        return new AddedContact(OPERATION, id, true, List.of(), List.of(), fate);
    }

    private static Fate fate(ChangeState state) {
        JsonObject problem = state == ChangeState.DEAD
                ? new JsonObject().put("type", "tag-unknown").put("detail", "no such tag")
                : null;
        return new Fate(OPERATION, state, "42", 0, 1000, 3, null, problem);
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) {
        return new ApiClient("http://127.0.0.1:" + api.port() + "/v1/main/")
                .send(RunningApi.ADMIN, method, path, body, headers);
    }

    private HttpResponse<String> apply(String... headers) {
        return send("POST", "contacts/42/tags", TAGS, headers);
    }

    /** How the connection was told to treat the last write: always the last thing that it is told. */
    private WriteOptions handedOver() {
        List<Object> arguments = connection.last().arguments();
        return (WriteOptions) arguments.get(arguments.size() - 1);
    }

    private RequestKey key() {
        RequestKey key = handedOver().request();
        assertThat(key).isNotNull();
        return Objects.requireNonNull(key);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    POST   | tags                      | {"name":"gold"}
                    POST   | contacts                  | {"fields":{"user_email":"a@example.com"}}
                    PATCH  | contacts/42               | {"fields":{"first_name":"A"}}
                    DELETE | contacts/42               | ``
                    POST   | contacts/42/tags          | {"tags":["vip"]}
                    PATCH  | contacts/42/tags          | {"remove":["vip"]}
                    DELETE | contacts/42/tags?tag=vip  | ``
                    POST   | contacts/42/events        | {"name":"seen"}
                    """)
    void everyWriteHandsItsKeyOver(String method, String path, String body) {
        assertThat(send(method, path, body).statusCode()).isBetween(200, 202);
        assertThat(handedOver().request()).isNull();
        assertThat(send(method, path, body, "idempotency-key", "\"k-1\"").statusCode())
                .isBetween(200, 202);
        assertThat(key().owner()).isEqualTo("admin");
        assertThat(key().key()).isEqualTo("k-1");
        assertThat(key().fingerprint()).matches("[0-9a-f]{64}");
    }

    @Test
    void aTagIsAnsweredWithTheOperationWhereItIsStaged() {
        HttpResponse<String> created = send("POST", "tags", "{\"name\":\"gold\"}");
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(Described.as("AddedTag", json(created)))
                .isEqualTo(new JsonObject().put("id", "7").put("name", "gold"));
        connection.on("addTag", new AddedTag("staging-" + OPERATION, "gold", OPERATION));
        HttpResponse<String> staged = send("POST", "tags", "{\"name\":\"gold\"}");
        assertThat(staged.statusCode()).isEqualTo(201);
        assertThat(Described.as("AddedTag", json(staged)))
                .isEqualTo(new JsonObject()
                        .put("id", "staging-" + OPERATION)
                        .put("name", "gold")
                        .put("operation", OPERATION));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    abc            | abc
                    "abc"          | abc
                    "a\\"b\\\\c"   | a"b\\c
                    a"b            | a"b
                    a,b;c=1        | a,b;c=1
                    """)
    void aKeyIsQuotedOrBare(String header, String key) {
        apply("idempotency-key", header);
        assertThat(key().key()).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``
                    ""
                    a b
                    "a b"
                    "abc
                    "a"b"
                    "a\\b"
                    "a"; b=1
                    """)
    void aKeyThatIsNoneIsRefused(String header) {
        int before = connection.asked().size();
        HttpResponse<String> refused = apply("idempotency-key", header);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(json(refused).getString("type")).isEqualTo("malformed");
        assertThat(json(refused).getString("detail")).contains("Idempotency-Key");
        assertThat(connection.asked()).hasSize(before);
    }

    @Test
    void aKeyIsAscii() {
        assertThatThrownBy(() -> Idempotency.parse(List.of("\u00fc"))).isInstanceOf(Problem.Failure.class);
        assertThatThrownBy(() -> Idempotency.parse(List.of("\"\u00fc\""))).isInstanceOf(Problem.Failure.class);
    }

    @Test
    void aKeyHasUpTo255CharactersAndIsGivenOnce() {
        assertThat(apply("idempotency-key", "k".repeat(255)).statusCode()).isEqualTo(202);
        assertThat(apply("idempotency-key", "k".repeat(256)).statusCode()).isEqualTo(400);
        assertThat(apply("idempotency-key", "a", "idempotency-key", "b").statusCode())
                .isEqualTo(400);
        assertThat(send("DELETE", "contacts/42", "", "idempotency-key", "a b").statusCode())
                .isEqualTo(400);
    }

    private String fingerprint(String method, String path, String body) {
        send(method, path, body, "idempotency-key", "k");
        return key().fingerprint();
    }

    @Test
    void equalRequestsHaveEqualFingerprintsAndDifferentOnesHaveNot() {
        String known = fingerprint("POST", "contacts/email:a@example.com/tags", TAGS);
        assertThat(fingerprint("POST", "contacts/email%3Aa%40example.com/tags", TAGS))
                .as("a path that is encoded differently")
                .isEqualTo(known);
        Set<String> others = Stream.of(
                        fingerprint("POST", "contacts/email:b@example.com/tags", TAGS),
                        fingerprint("POST", "contacts/email:a@example.com/tags", "{\"tags\":[\"vip\"] }"),
                        fingerprint("POST", "contacts/42/tags", "{\"tags\":[\"gold\"]}"),
                        fingerprint("PATCH", "contacts/42/tags", "{\"apply\":[\"gold\"]}"),
                        fingerprint("PATCH", "contacts/42/tags", "{\"remove\":[\"gold\"]}"),
                        fingerprint("DELETE", "contacts/42/tags?tag=gold", ""),
                        fingerprint("DELETE", "contacts/42/tags?tag=vip", ""),
                        fingerprint("DELETE", "contacts/42", ""),
                        fingerprint("DELETE", "contacts/43", ""))
                .collect(Collectors.toSet());
        assertThat(others).hasSize(9).doesNotContain(known);
    }

    @Test
    void whoRepeatsAWriteIsToldItsFateWhateverItIs() {
        connection.on("changeTags", accepted(true, fate(ChangeState.QUEUED)));
        HttpResponse<String> waiting = apply("idempotency-key", "k", "prefer", "respond-async");
        assertThat(waiting.statusCode()).isEqualTo(200);
        assertThat(json(waiting).getString("state")).isEqualTo("queued");
        connection.on("changeTags", accepted(true, fate(ChangeState.DEAD)));
        HttpResponse<String> repeated = apply("idempotency-key", "k");
        assertThat(repeated.statusCode()).isEqualTo(200);
        assertThat(Described.as("Fate", json(repeated)).getString("state")).isEqualTo("dead");
        assertThat(json(repeated).getString("since")).isEqualTo("1970-01-01T00:00:01Z");
        assertThat(json(repeated).getJsonObject("problem").getString("type")).isEqualTo("tag-unknown");
    }

    @Test
    void whoRepeatsAWriteAndWaitsIsAnsweredLikeTheFirst() {
        connection.on("changeTags", accepted(true, fate(ChangeState.QUEUED)));
        HttpResponse<String> undecided = apply("idempotency-key", "k", "prefer", "wait=1");
        assertThat(undecided.statusCode()).isEqualTo(202);
        Described.as("Accepted", json(undecided));
        assertThat(header(undecided, "location")).isEqualTo("/v1/main/operations/" + OPERATION);
        connection.on("changeTags", accepted(true, fate(ChangeState.DEAD)));
        HttpResponse<String> dead = apply("idempotency-key", "k", "prefer", "wait=1");
        assertThat(dead.statusCode()).isEqualTo(422);
        assertThat(json(dead).getString("type")).isEqualTo("tag-unknown");
    }

    @Test
    void whoRepeatsAnAdditionThatTheCrmHasRefusedIsToldWhyWaitingOrNot() {
        connection.on("addContact", added(null, fate(ChangeState.DEAD)));
        for (String preference : List.of("respond-async", "wait=1")) {
            HttpResponse<String> dead = send("POST", "contacts", ADD, "idempotency-key", "k", "prefer", preference);
            assertThat(dead.statusCode()).isEqualTo(422);
            assertThat(json(dead).getString("type")).isEqualTo("tag-unknown");
        }
    }

    @ParameterizedTest
    @CsvSource({"invalid,422", "contact-not-found,404", "unsupported,501", "expired,503"})
    void whoWaitsForAWriteThatDiesIsToldWhyWithTheStatusOfThat(String type, int status) {
        JsonObject problem = new JsonObject()
                .put("type", type)
                .put("detail", "so it is")
                .put("crm", new JsonObject().put("status", 400).put("message", "no"));
        connection.on(
                "changeTags", accepted(false, new Fate(OPERATION, ChangeState.DEAD, "42", 0, 1000, 3, null, problem)));
        HttpResponse<String> dead = apply("prefer", "wait=1");
        assertThat(dead.statusCode()).isEqualTo(status);
        assertThat(json(dead).getString("type")).isEqualTo(type);
        assertThat(json(dead).getString("detail")).isEqualTo("so it is");
        assertThat(json(dead).getJsonObject("crm")).isEqualTo(problem.getJsonObject("crm"));
    }

    @ParameterizedTest
    @CsvSource({"REQUEST_BUSY,409,idempotency-busy", "REQUEST_MISMATCH,422,idempotency-mismatch"})
    void aKeyThatIsTakenIsRefused(Refusal.Reason reason, int status, String type) {
        connection.on("changeTags", Future.failedFuture(Refusal.of(reason, "the key is taken")));
        HttpResponse<String> refused = apply("idempotency-key", "k");
        assertThat(refused.statusCode()).isEqualTo(status);
        assertThat(json(refused).getString("type")).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``                             | 10000
                    wait=3                         | 3000
                    respond-async                  | 0
                    RESPOND-ASYNC, wait=10         | 10000
                    wait=2, wait=3, respond-async  | 2000
                    wait=600                       | 60000
                    respond-asynchronously         | 10000
                    """)
    void addingWaitsAsLongAsIsPreferred(String prefer, long millis) {
        send("POST", "contacts", ADD, "prefer", prefer);
        assertThat(handedOver().waitMillis()).isEqualTo(millis);
    }

    @Test
    void preferencesMayStandInSeveralHeaders() {
        send("POST", "contacts", ADD, "prefer", "respond-async", "prefer", "wait=1");
        assertThat(handedOver().waitMillis()).isEqualTo(1000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``                      | false | ``
                    respond-async           | false | respond-async
                    wait=10                 | false | wait=10
                    wait=10                 | true  | wait=10
                    respond-async, wait=10  | false | respond-async, wait=10
                    respond-async, wait=10  | true  | wait=10
                    """)
    void whatWasHeededIsTold(String prefer, boolean decided, String applied) {
        connection.on("changeTags", accepted(false, decided ? fate(ChangeState.DELIVERED) : null));
        connection.on("addContact", decided ? added("42", fate(ChangeState.DELIVERED)) : added(null, null));
        HttpResponse<String> tags = apply("prefer", prefer);
        assertThat(tags.statusCode()).isEqualTo(decided ? 200 : 202);
        assertThat(header(tags, "preference-applied")).isEqualTo(applied);
        HttpResponse<String> adding = send("POST", "contacts", ADD, "prefer", prefer);
        assertThat(adding.statusCode()).isEqualTo(decided ? 201 : 202);
        Described.as(decided ? "Added" : "Accepted", json(adding));
        assertThat(header(adding, "preference-applied")).isEqualTo(applied);
    }

    @Test
    void mirrorsThatDoNotGetAWriteAreNamed() {
        List<String> without = List.of("second");
        JsonArray named = new JsonArray().add("second");
        connection.on("updateContact", new Written(OPERATION, List.of(), without, false, null));
        HttpResponse<String> set = send("PATCH", "contacts/42", "{\"fields\":{\"a\":1}}");
        assertThat(json(set).getJsonArray("not_mirrored")).isEqualTo(named);
        connection.on("updateContact", new Written(OPERATION, List.of(), without, false, fate(ChangeState.DELIVERED)));
        HttpResponse<String> waited = send("PATCH", "contacts/42", "{\"fields\":{\"a\":1}}", "prefer", "wait=1");
        assertThat(json(waited).getJsonArray("not_mirrored")).isEqualTo(named);
        connection.on("addContact", new AddedContact(OPERATION, "42", true, List.of(), without, null));
        assertThat(json(send("POST", "contacts", ADD)).getJsonArray("not_mirrored"))
                .isEqualTo(named);
        connection.on("addContact", new AddedContact(OPERATION, null, true, List.of(), without, null));
        assertThat(json(send("POST", "contacts", ADD)).getJsonArray("not_mirrored"))
                .isEqualTo(named);
        assertThat(json(apply()).containsKey("not_mirrored")).isFalse();
    }
}
