package io.crmux.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.api.ApiClient;
import io.crmux.api.RunningApi;
import io.crmux.api.ScriptedConnection;
import io.crmux.crm.Page;
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
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What crmux dead asks a running gateway, what it prints and how it ends. */
@SuppressWarnings("NullAway.Init")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeadCommandTest {

    private static final JsonObject CHANGE =
            new JsonObject().put("tags", new JsonObject().put("apply", new JsonArray().add("vip")));

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

    private record Ended(int code, String out, String err) {

        List<String> lines() {
            return out.lines().toList();
        }
    }

    private static Ended run(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Commands.run(new PrintWriter(out, true), new PrintWriter(err, true), environment, arguments);
        return new Ended(code, out.toString(), err.toString());
    }

    private static Ended run(RunningApi api, String key, String command, String... arguments) {
        return run(
                Map.of("CRMUX_TOKEN", key),
                Stream.concat(
                                Stream.of(
                                        "dead",
                                        command,
                                        "--connection=main",
                                        "--url=http://127.0.0.1:" + api.port() + "/"),
                                Stream.of(arguments))
                        .toArray(String[]::new));
    }

    private Ended dead(String command, String... arguments) {
        return run(api, RunningApi.ADMIN, command, arguments);
    }

    private static Recorded letter(String operation, @Nullable String contact, JsonObject problem) {
        return new Recorded(
                new Fate(operation, ChangeState.DEAD, contact, 0, 61_500, 3, null, problem), List.of(CHANGE));
    }

    private static JsonObject problem(@Nullable String crm) {
        JsonObject problem = new JsonObject().put("type", "invalid").put("detail", "refused as invalid");
        return crm == null ? problem : problem.put("crm", new JsonObject().put("message", crm));
    }

    private void twoPages() {
        connection.answering(
                "deadLetters",
                arguments -> Future.succeededFuture(
                        arguments.get(1) == null
                                ? new Page<>(
                                        List.of(letter(
                                                "one", "email:a@example.com", problem("no\u001b[2J\nsuch field"))),
                                        "1&7")
                                : new Page<>(List.of(letter("two", null, problem(null))), null)));
    }

    @Test
    void allPagesAreListedInOneTable() {
        twoPages();
        Ended ended = dead("list");
        assertThat(ended.err()).isEmpty();
        assertThat(ended.code()).isZero();
        assertThat(ended.lines()).hasSize(3);
        assertThat(ended.lines().get(0)).matches("OPERATION +CONTACT +SINCE +ATTEMPTS +WHY");
        assertThat(ended.lines().get(1))
                .matches("one +email:a@example.com +1970-01-01T00:01:01Z +3  invalid: no \\[2J such field");
        assertThat(ended.lines().get(2)).matches("two +- +1970-01-01T00:01:01Z +3  invalid: refused as invalid");
        assertThat(connection.last().arguments().get(1)).isEqualTo("1&7");
    }

    @Test
    void programsGetALineOfJsonEach() {
        twoPages();
        List<JsonObject> letters =
                dead("list", "--json").lines().stream().map(JsonObject::new).toList();
        assertThat(letters).extracting(letter -> letter.getString("operation")).containsExactly("one", "two");
        assertThat(letters.get(0).getJsonArray("changes")).isEqualTo(new JsonArray().add(CHANGE));
    }

    @Test
    void aContactsDeadLettersAreListedAlone() {
        connection.on("deadLetters", new Page<Recorded>(List.of(), null));
        assertThat(dead("list", "--contact=id&1").lines()).containsExactly("no dead letters");
        assertThat(connection.last().arguments().get(0)).isEqualTo(ContactRef.id("id&1"));
        assertThat(dead("list", "--json").out()).isEmpty();
    }

    @Test
    void oneThatIsNotDeadDoesNotStopTheOthers() {
        connection.answering("replay", arguments -> switch ((String) arguments.get(0)) {
            case "a/b" -> Future.succeededFuture(new Replayed("new", List.of()));
            case "c" -> Future.succeededFuture(new Replayed("newer", List.of("vip", "first_name")));
            case "d" -> Future.succeededFuture(new Replayed(null, List.of("vip")));
            default -> Future.failedFuture(Refusal.of(Refusal.Reason.OPERATION_NOT_FOUND, "it is not dead"));
        });
        Ended ended = dead("replay", "x", "a/b", "c", "d");
        assertThat(ended.lines())
                .containsExactly(
                        "a/b: replayed as new",
                        "c: replayed as newer, left out: vip, first_name",
                        "d: superseded by later writes, left out: vip");
        assertThat(ended.err().lines()).containsExactly("x: it is not dead (not-found)");
        assertThat(ended.code()).isEqualTo(8);
    }

    @Test
    void allThatMatchAreReplayed() {
        connection.on("replay", new ReplayCount(2, 1));
        Ended ended = dead("replay", "--all", "--contact=42", "--type=expired");
        assertThat(ended.lines()).containsExactly("2 replayed, 1 superseded by later writes");
        assertThat(ended.code()).isZero();
        assertThat(connection.last().arguments().get(0)).isEqualTo(new DeadFilter(ContactRef.id("42"), "expired"));
        dead("replay", "--all");
        assertThat(connection.last().arguments().get(0)).isEqualTo(new DeadFilter(null, null));
    }

    @Test
    void deadLettersAreDiscarded() {
        connection.on("discard", Future.succeededFuture());
        Ended ended = dead("discard", "a", "b");
        assertThat(ended.lines()).containsExactly("a: discarded", "b: discarded");
        assertThat(ended.code()).isZero();
        assertThat(connection.last()).isEqualTo(new ScriptedConnection.Asked("discard", List.of("b")));
    }

    @Test
    void aFailureOfTheGatewayEndsTheCommand() {
        connection.on("discard", Future.failedFuture(Refusal.of(Refusal.Reason.STORE_UNAVAILABLE, "no room")));
        int before = connection.asked().size();
        Ended ended = dead("discard", "a", "b");
        assertThat(ended.code()).isEqualTo(8);
        assertThat(ended.err().lines()).containsExactly("no room (store-unavailable)");
        assertThat(connection.asked()).hasSize(before + 1);
    }

    @Test
    void aKeyThatIsWrongOrLacksTheRightIsTold() {
        Ended unknown = run(api, "not-the-key-0123456789abc", "list");
        assertThat(unknown.code()).isEqualTo(8);
        assertThat(unknown.err().lines()).containsExactly("the gateway does not know the key in CRMUX_TOKEN");
        Ended reader = run(api, RunningApi.READER, "discard", "a");
        assertThat(reader.code()).isEqualTo(8);
        assertThat(reader.err().lines())
                .containsExactly("the key in CRMUX_TOKEN has not the right admin for the connection main");
    }

    @Test
    void withoutAKeyNothingIsAsked() {
        for (Map<String, String> environment :
                List.of(Map.<String, String>of(), Map.of("CRMUX_TOKEN", ""), Map.of("CRMUX_TOKEN", "a b\n"))) {
            Ended ended = run(environment, "dead", "list", "--connection=main");
            assertThat(ended.code()).isEqualTo(2);
            assertThat(ended.err()).contains("the environment variable CRMUX_TOKEN must be a key");
        }
    }

    @Test
    void aGatewayThatIsNotThereIsTold() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        Ended ended = at("http://127.0.0.1:" + free);
        assertThat(ended.code()).isEqualTo(7);
        assertThat(ended.err()).startsWith("the gateway at http://127.0.0.1:" + free + " cannot be reached");
        assertThat(ended.err().lines()).hasSize(1);
    }

    private static Ended at(String url) {
        return run(Map.of("CRMUX_TOKEN", RunningApi.ADMIN), "dead", "list", "--connection=main", "--url=" + url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"502 Bad Gateway|<html>", "404 Not Found|{\"error\":\"no\"}", "200 OK|hello", "200 OK|[]"})
    void whatIsNoCrmuxIsTold(String answer) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String[] parts = answer.split("\\|");
            Thread stranger = new Thread(() -> answer(server, parts[0], parts[1]));
            stranger.start();
            Ended ended = at("http://127.0.0.1:" + server.getLocalPort());
            stranger.join();
            assertThat(ended.code()).isEqualTo(7);
            assertThat(ended.err()).contains("is no crmux: it answers with HTTP " + parts[0].substring(0, 3));
        }
    }

    private static void answer(ServerSocket server, String status, String body) {
        try (Socket client = server.accept()) {
            client.getInputStream().read(new byte[4096]);
            client.getOutputStream()
                    .write(("HTTP/1.1 " + status + "\r\ncontent-length: " + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        String[][] misuses = {
            {}, {"replay"}, {"replay", "--all", "a"}, {"replay", "a", "--type=expired"}, {"discard"}, {"lost"}
        };
        for (String[] misuse : misuses) {
            Ended ended = misuse.length == 0
                    ? run(Map.of(), "dead")
                    : dead(misuse[0], Arrays.copyOfRange(misuse, 1, misuse.length));
            assertThat(ended.code()).as(String.join(" ", misuse)).isEqualTo(2);
        }
        assertThat(run(Map.of("CRMUX_TOKEN", "k"), "dead", "list").err()).contains("--connection");
        assertThat(at("127.0.0.1:8080").code()).isEqualTo(2);
        assertThat(at("ftp://127.0.0.1").err()).contains("--url must be an address");
    }

    /** The sandbox refuses an address that another contact has. */
    @Test
    void deadLettersAreFoundAndEndedInAWholeGateway(@TempDir Path folder) {
        try (RunningApi whole = RunningApi.plain(folder)) {
            ApiClient site = new ApiClient("http://127.0.0.1:" + whole.port() + "/v1/main/");
            for (String contact : List.of("1", "2")) {
                String body = "{\"fields\":{\"user_email\":\"user9@example.com\"}}";
                site.send(RunningApi.ADMIN, "PATCH", "contacts/" + contact, body, "prefer", "wait=30");
            }
            List<String> rows = run(whole, RunningApi.ADMIN, "list").lines();
            assertThat(rows).hasSize(3);
            assertThat(rows.get(1)).contains("another contact has this address");
            String first = rows.get(1).substring(0, 36);
            String second = rows.get(2).substring(0, 36);
            assertThat(run(whole, RunningApi.ADMIN, "discard", second).lines()).containsExactly(second + ": discarded");
            Ended replayed = run(whole, RunningApi.ADMIN, "replay", first, second);
            assertThat(replayed.code()).isEqualTo(8);
            assertThat(replayed.out()).startsWith(first + ": replayed as ");
            assertThat(replayed.err()).startsWith(second + ": ");
        }
    }
}
