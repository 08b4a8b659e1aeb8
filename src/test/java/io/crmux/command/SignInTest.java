package io.crmux.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.crmux.config.ConfigReader;
import io.crmux.connector.fake.FakeAuthorization;
import io.crmux.connector.fake.FakeLetIn;
import io.crmux.connector.fake.LetInCrm;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** How an operator connects a running gateway to a CRM, and what is on its disk and in its log afterwards: over HTTP, with a real store. */
class SignInTest {

    private static final String ADMIN = "admin-key-0123456789abcdef";
    private static final String READER = "reader-key-0123456789abcdef";
    private static final String KEY = "first-key-of-thirty-two-characters-or-more";
    private static final String OTHER_KEY = "second-key-of-thirty-two-characters-or-more";

    private final Vertx vertx = Vertx.vertx();
    private final FakeLetIn crm = new FakeLetIn(vertx);
    private final HttpClient http = HttpClient.newHttpClient();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private @Nullable RunningGateway gateway;

    @TempDir
    Path folder = Path.of("");

    @BeforeEach
    void watchTheLog() {
        logged.start();
        root.addAppender(logged);
        ((Logger) LoggerFactory.getLogger("io.crmux")).setLevel(Level.DEBUG);
    }

    @AfterEach
    void stop() {
        ((Logger) LoggerFactory.getLogger("io.crmux")).setLevel(null);
        root.detachAppender(logged);
        stopGateway();
        crm.close();
        vertx.close().await();
    }

    private void stopGateway() {
        if (gateway != null) {
            gateway.stop(1_000);
            gateway = null;
        }
    }

    private static String sha256(String key) {
        try {
            return HexFormat.of()
                    .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                            .digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void start(String secrets, String grant) throws Exception {
        stopGateway();
        Path file = folder.resolve("crmux.yaml");
        Files.writeString(file, """
                server: {port: 0}
                store: {path: '%s'}
                secrets: {%s}
                keys:
                  - {name: admin, sha256: %s, connections: ["*"], may: [read, write, admin]}
                  - {name: reader, sha256: %s, connections: ["*"], may: [read]}
                connections:
                  main: {crm: let-in, url: '%s', client_id: %s, client_secret: %s, grant: %s, batch: {linger: 1ms}}
                """.formatted(
                        folder.resolve("crmux.db"),
                        secrets,
                        sha256(ADMIN),
                        sha256(READER),
                        crm.url(),
                        FakeAuthorization.CLIENT,
                        FakeAuthorization.SECRET,
                        grant));
        gateway = RunningGateway.start(new ConfigReader(List.of(new LetInCrm()), Map.of()).read(file));
    }

    private String url() {
        return "http://127.0.0.1:" + (gateway == null ? 0 : gateway.port());
    }

    private HttpResponse<String> send(String method, String url, @Nullable String key, @Nullable JsonObject body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode()));
        if (key != null) {
            request.header("authorization", "Bearer " + key);
        }
        if (body != null) {
            request.header("content-type", "application/json");
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path, @Nullable String key) throws IOException, InterruptedException {
        return send("GET", url() + path, key, null);
    }

    private URI signedIn() throws IOException, InterruptedException {
        HttpResponse<String> start = get("/oauth/main/start", ADMIN);
        assertThat(start.statusCode()).isEqualTo(302);
        return crm.authorization()
                .agree(URI.create(start.headers().firstValue("location").orElseThrow()));
    }

    private HttpResponse<String> connect() throws IOException, InterruptedException {
        return send("GET", signedIn().toString(), null, null);
    }

    private String onDisk() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(path -> path.toString().contains("crmux.db")).toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }

    @Test
    void theWayOutNeedsAKeyThatMayAndTheWayBackAStateThatIsAwaited() throws Exception {
        start("key: " + KEY, "authorization_code");
        assertThat(get("/oauth/main/start", null).statusCode()).isEqualTo(401);
        assertThat(get("/oauth/main/start", READER).statusCode()).isEqualTo(403);
        assertThat(get("/oauth/other/start", ADMIN).statusCode()).isEqualTo(404);
        assertThat(get("/v1/main/connect", READER).statusCode()).isEqualTo(403);
        for (String forged : List.of("", "?state=main.forged&code=1", "?state=other.forged&code=1", "?code=1")) {
            HttpResponse<String> refused = get("/oauth/callback" + forged, null);
            assertThat(refused.statusCode()).as(forged).isEqualTo(400);
            assertThat(refused.body()).as("nothing is told of connections").doesNotContain("main", "other");
        }
        URI back = signedIn();
        assertThat(back.toString()).startsWith(url() + "/oauth/callback?");
        HttpResponse<String> page = send("GET", back.toString(), null, null);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("referrer-policy")).hasValue("no-referrer");
        assertThat(page.body()).contains("main is connected");
        assertThat(send("GET", back.toString(), null, null).statusCode())
                .as("replayed")
                .isEqualTo(400);
        assertThat(get("/v1/main/contacts/7/tags", READER).body()).contains("vip");
    }

    @Test
    void whatTheCrmSaysIsNotTakenForMarkup() throws Exception {
        start("key: " + KEY, "authorization_code");
        String state = signedIn().getRawQuery().replaceFirst(".*state=", "");
        HttpResponse<String> page = get("/oauth/callback?error=%3Cscript%3Ealert(1)%3C/script%3E&state=" + state, null);
        assertThat(page.statusCode()).isEqualTo(502);
        assertThat(page.body()).contains("&lt;script&gt;").doesNotContain("<script>");
    }

    @Test
    void untilItIsConnectedReadsSaySoAndWritesWait() throws Exception {
        start("key: " + KEY, "authorization_code");
        HttpResponse<String> read = get("/v1/main/contacts/7/tags", READER);
        assertThat(read.statusCode()).isEqualTo(502);
        assertThat(new JsonObject(read.body()).getMap())
                .containsEntry("type", "crm-credentials")
                .containsEntry("detail", "the connection needs to be connected: crmux connect main");
        HttpResponse<String> write =
                send("POST", url() + "/v1/main/contacts/8/tags", ADMIN, new JsonObject().put("tags", List.of("gold")));
        assertThat(write.statusCode()).isEqualTo(202);
        String fate = write.headers().firstValue("location").orElseThrow();
        await().until(() -> get(fate, ADMIN).body().contains("crmux connect main"));
        assertThat(new JsonObject(get("/v1/main/connect", ADMIN).body()).getMap())
                .containsEntry("connected", false)
                .containsEntry("by", "operator");
        assertThat(get("/ready", null).statusCode()).isEqualTo(200);
        assertThat(connect().statusCode()).isEqualTo(200);
        await().until(() -> get(fate, ADMIN).body().contains("\"delivered\""));
        assertThat(crm.applied()).containsExactly("8");
        assertThat(new JsonObject(get("/v1/main/connect", ADMIN).body()).getMap())
                .containsEntry("connected", true)
                .containsEntry("answers", 1);
    }

    @Test
    void noSecretIsOnTheDiskOrInTheLog() throws Exception {
        start("key: " + KEY, "authorization_code");
        URI back = signedIn();
        send("GET", back.toString(), null, null);
        assertThat(get("/v1/main/contacts/7/tags", READER).statusCode()).isEqualTo(200);
        List<String> secrets = new ArrayList<>(crm.authorization().secrets());
        secrets.add(FakeAuthorization.SECRET);
        secrets.add(KEY);
        secrets.add(back.getRawQuery().replaceFirst(".*state=main\\.", ""));
        assertThat(secrets).hasSizeGreaterThan(5);
        String disk = onDisk();
        List<String> lines = List.copyOf(logged.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
        assertThat(lines).anyMatch(line -> line.contains("main: connected"));
        for (String secret : secrets) {
            assertThat(disk).doesNotContain(secret);
            assertThat(lines).noneMatch(line -> line.contains(secret));
        }
    }

    @Test
    void aRestartNeedsTheSameKeyOrTheOneBeforeBesideTheNewOne() throws Exception {
        start("key: " + KEY, "authorization_code");
        connect();
        start("key: " + KEY, "authorization_code");
        assertThat(get("/v1/main/contacts/7/tags", READER).statusCode()).isEqualTo(200);

        start("key: " + OTHER_KEY, "authorization_code");
        HttpResponse<String> read = get("/v1/main/contacts/7/tags", READER);
        assertThat(read.statusCode()).isEqualTo(502);
        assertThat(read.body()).contains("encrypted with another key than secrets.key");

        start("key: " + OTHER_KEY + ", previous: " + KEY, "authorization_code");
        assertThat(get("/v1/main/contacts/7/tags", READER).statusCode()).isEqualTo(200);
        start("key: " + OTHER_KEY, "authorization_code");
        assertThat(get("/v1/main/contacts/7/tags", READER).statusCode()).isEqualTo(200);
    }

    @Test
    void otherCredentialsAreTriedWithoutTouchingTheToken() throws Exception {
        start("key: " + KEY, "authorization_code");
        connect();
        Map<String, Integer> tried = Map.of(
                "{\"grant\":\"client_credentials\"}", 200,
                "{\"grant\":\"authorization_code\"}", 200,
                "{\"client_id\":\"another\"}", 422,
                "{\"token\":\"of-ones-own\"}", 503);
        for (Map.Entry<String, Integer> settings : tried.entrySet()) {
            assertThat(send("POST", url() + "/v1/main/connect", ADMIN, new JsonObject(settings.getKey()))
                            .statusCode())
                    .as(settings.getKey())
                    .isEqualTo(settings.getValue());
        }
        assertThat(get("/v1/main/contacts/7/tags", READER).statusCode()).isEqualTo(200);
        assertThat(crm.authorization().asked()).containsExactlyInAnyOrder("authorization_code", "client_credentials");
    }

    private record Ended(int code, String out, String err) {}

    private CompletableFuture<Ended> crmuxConnect(StringWriter out) {
        return CompletableFuture.supplyAsync(() -> {
            StringWriter err = new StringWriter();
            int code = Commands.run(
                    new PrintWriter(out, true),
                    new PrintWriter(err, true),
                    Map.of("CRMUX_TOKEN", ADMIN),
                    "connect",
                    "main",
                    "--url",
                    url());
            return new Ended(code, out.toString(), err.toString());
        });
    }

    private URI printed(StringWriter out) {
        await().until(() -> out.toString().lines().anyMatch(line -> line.startsWith("http")));
        return URI.create(out.toString()
                .lines()
                .filter(line -> line.startsWith("http"))
                .findFirst()
                .orElseThrow());
    }

    @Test
    void theCommandLeadsAnOperatorThroughIt() throws Exception {
        start("key: " + KEY, "authorization_code");
        StringWriter out = new StringWriter();
        CompletableFuture<Ended> ended = crmuxConnect(out);
        send("GET", crm.authorization().agree(printed(out)).toString(), null, null);
        assertThat(ended.get()).returns(0, Ended::code);
        assertThat(out.toString()).endsWith("main is connected: Acme" + System.lineSeparator());

        StringWriter again = new StringWriter();
        CompletableFuture<Ended> refused = crmuxConnect(again);
        String state = printed(again).getRawQuery().replaceFirst(".*state=([^&]*).*", "$1");
        get("/oauth/callback?error=access_denied&state=" + state, null);
        assertThat(refused.get())
                .returns(Exit.CHECK, Ended::code)
                .satisfies(it -> assertThat(it.err()).contains("access_denied"));
    }

    @Test
    void whereNoOperatorIsNeededTheCommandTriesIt() throws Exception {
        start("key: " + KEY, "client_credentials");
        assertThat(crmuxConnect(new StringWriter()).get())
                .returns(0, Ended::code)
                .satisfies(it -> assertThat(it.out()).isEqualTo("main is connected: Acme" + System.lineSeparator()));
        assertThat(get("/oauth/main/start", ADMIN).statusCode()).isEqualTo(501);
    }
}
