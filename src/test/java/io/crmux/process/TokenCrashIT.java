package io.crmux.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.fake.FakeAuthorization;
import io.crmux.connector.fake.FakeHubSpot;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole product is killed while its token is renewed: between the answer and the store, where the store is kept from writing; and between the store
 * and the first use, where the account's limit keeps the call from leaving.
 */
class TokenCrashIT {

    private static final String CONTACT = "v1/main/contacts/email:jane@example.com/id";
    /** The shortest life that a token can have. */
    private static final int SHORT_SECONDS = 1;

    private static final int LONG_SECONDS = 3_600;
    /** One call in a time that is shorter than a visitor waits, and much longer than it takes to renew a token. */
    private static final String ONE_CALL = ", limit: {rate: 1/9s}";

    @TempDir
    private Path folder = Path.of("");

    private final Vertx vertx = Vertx.vertx();
    private final FakeHubSpot fake = new FakeHubSpot(vertx);
    private String jane = "";

    @BeforeEach
    void addJane() {
        jane = fake.add("jane@example.com");
    }

    @AfterEach
    void stop() {
        fake.close();
        vertx.close().await();
    }

    private FakeAuthorization authorization() {
        return fake.authorization();
    }

    private String connection(String more) {
        return "  main: {crm: hubspot, url: \"" + fake.url() + "\", client_id: " + FakeAuthorization.CLIENT
                + ", client_secret: " + FakeAuthorization.SECRET + more
                + "}\nsecrets: {key: a-key-of-thirty-two-characters-or-more}";
    }

    /** Starts it, and connects it with a token that ends at once. */
    private CrmuxProcess connected(String more) {
        CrmuxProcess crmux = CrmuxProcess.start(folder, connection(more));
        authorization().rotates(false).lasts(SHORT_SECONDS);
        agree(crmux.client(), URI.create(crmux.client().get("oauth/main/start").header("Location")));
        return crmux;
    }

    /** An operator agrees on the CRM's page, and is sent back. */
    private void agree(Client operator, URI page) {
        URI back = authorization().agree(page);
        assertThat(operator.get(back.getRawPath().substring(1) + "?" + back.getRawQuery())
                        .status())
                .isEqualTo(200);
    }

    /** All tokens that were given until now have ended afterwards; those that are given from now on last. */
    private void endToken() {
        authorization().lasts(LONG_SECONDS);
        long ended = System.nanoTime() + TimeUnit.SECONDS.toNanos(SHORT_SECONDS);
        Waiting.until("the token has ended", () -> System.nanoTime() > ended);
    }

    /** Kills it when the CRM has given another token that it could not store. */
    private void killBetweenAnswerAndStore(CrmuxProcess crmux) {
        endToken();
        try (StoreFromOutside store = new StoreFromOutside(folder)) {
            store.keepWritersOut();
            crmux.client().startGet(CONTACT);
            Waiting.until(
                    "the answer is there",
                    () -> crmux.client().metric("crmux_upstream_calls_seconds_count", "operation=\"token\"") == 1);
            crmux.kill();
        }
        assertThat(authorization().asked()).containsExactly("authorization_code", "refresh_token");
        assertThat(fake.count("/crm/")).as("used before it was stored").isZero();
    }

    private void assertServesWithTheLastToken(CrmuxProcess crmux) {
        Client.Reply reply = crmux.client().get(CONTACT);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().getString("id")).isEqualTo(jane);
        String last = authorization().secrets().stream()
                .filter(secret -> secret.startsWith("access"))
                .reduce("", (earlier, later) -> later);
        assertThat(fake.calls().get(fake.calls().size() - 1).headers()).contains("authorization: Bearer " + last);
    }

    private void assertToldNoSecret(CrmuxProcess crmux) {
        assertThat(authorization().secrets()).isNotEmpty().noneMatch(crmux.said()::contains);
    }

    @Test
    void whereTheRefreshTokenStaysGoodAnotherTokenIsGot() {
        try (CrmuxProcess crmux = connected("")) {
            killBetweenAnswerAndStore(crmux);
            crmux.restart();
            assertServesWithTheLastToken(crmux);
            assertThat(authorization().asked()).containsExactly("authorization_code", "refresh_token", "refresh_token");
            assertToldNoSecret(crmux);
        }
    }

    @Test
    void whereTheRefreshTokenIsUsedUpItIsSaidThatItNeedsToBeConnectedAgain() throws Exception {
        try (CrmuxProcess crmux = connected("")) {
            authorization().rotates(true);
            killBetweenAnswerAndStore(crmux);
            crmux.restart();
            Client.Reply refused = crmux.client().get(CONTACT);
            assertThat(refused.status()).isEqualTo(502);
            assertThat(refused.json().getString("type")).isEqualTo("crm-credentials");
            assertThat(refused.json().getString("detail"))
                    .startsWith("the connection needs to be connected again: crmux connect main");
            assertThat(connect(crmux)).contains("main is connected").endsWith("exit 0");
            assertServesWithTheLastToken(crmux);
            assertToldNoSecret(crmux);
        }
    }

    /** What {@code crmux connect} says when an operator does what it asks for, and how it ends. */
    private String connect(CrmuxProcess crmux) throws IOException, InterruptedException {
        Path said = folder.resolve("said");
        ProcessBuilder command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        System.getProperty("crmux.jar", "target/crmux.jar"),
                        "connect",
                        "main",
                        "--url",
                        "http://127.0.0.1:" + crmux.port())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        command.environment().put("CRMUX_TOKEN", CrmuxProcess.KEY);
        Process process = command.start();
        try {
            Waiting.until("it asks an operator", () -> !page(said).isEmpty() || !process.isAlive());
            agree(crmux.client(), URI.create(page(said)));
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(said) + "exit " + process.exitValue();
    }

    /** The address that the command has printed; empty when it has not. */
    private static String page(Path said) {
        try {
            String text = Files.readString(said);
            int begin = text.indexOf("http");
            int end = text.indexOf(System.lineSeparator(), begin);
            return begin < 0 || end < 0 ? "" : text.substring(begin, end);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aTokenThatWasStoredAndNotUsedIsUsed() {
        try (CrmuxProcess crmux = connected(ONE_CALL)) {
            assertThat(crmux.client().get(CONTACT).status()).isEqualTo(200);
            endToken();
            int asked = authorization().asked().size();
            try (StoreFromOutside store = new StoreFromOutside(folder)) {
                String former = store.token();
                crmux.client().startGet("v1/main/contacts/email:joe@example.com/id");
                Waiting.until("the token is stored", () -> !store.token().equals(former));
                crmux.kill();
            }
            assertThat(fake.count("/crm/")).as("used before the kill").isEqualTo(1);
            assertThat(authorization().asked()).hasSize(asked + 1);
            crmux.restartWith(connection(""));
            assertServesWithTheLastToken(crmux);
            assertThat(authorization().asked()).hasSize(asked + 1);
            assertToldNoSecret(crmux);
        }
    }
}
