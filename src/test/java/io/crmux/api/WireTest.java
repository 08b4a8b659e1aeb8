package io.crmux.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes over the wire before it is a request of anybody's: insane, endless, dripping. */
@SuppressWarnings("NullAway.Init")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WireTest {

    private static final String KEY = "Authorization: Bearer " + RunningApi.ADMIN + "\r\n";
    private static final String GOOD = "GET /v1/main/contacts/1/tags HTTP/1.1\r\nHost: x\r\n" + KEY + "\r\n";

    private RunningApi api;

    @BeforeAll
    void start(@TempDir Path folder) {
        api = RunningApi.plain(folder);
    }

    @AfterAll
    void stop() {
        api.close();
    }

    private int status(String request) throws IOException {
        try (RawConnection connection = new RawConnection(api.port())) {
            return connection.say(request).status();
        }
    }

    @Test
    void aSaneRequestIsAnsweredAndTheNextOneToo() throws IOException {
        try (RawConnection connection = new RawConnection(api.port())) {
            assertThat(connection.say(GOOD).status()).isEqualTo(200);
            assertThat(connection.say(GOOD + GOOD).status()).isEqualTo(200);
            assertThat(connection.status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/main/contacts/1\0/tags HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /v1/main/contacts/%00/tags HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /v1/main/contacts/\u00fc/tags HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
                "POST /v1/main/lookup HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /v1/main/lookup HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
                "POST /v1/main/lookup HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "POST /v1/main/lookup HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "GET /health HTTP/1.1\r\nHost: x\r\n: nameless\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: x\r\nX-A: one\r\n two\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: x\r\nX-A: one\r\n\ttwo\r\n\r\n",
                "GET /v1/main/contacts/%zz/tags HTTP/1.1\r\nHost: x\r\n\r\n",
                "GARBAGE\r\n\r\n"
            })
    void whatNoHonestClientSendsIsRefused(String request) throws IOException {
        assertThat(status(request)).isEqualTo(400);
    }

    @Test
    void aBodyMayHaveLinesThatBeginWithBlanks() throws IOException {
        String body = "{\n  \"emails\": [\n\t\"user1@example.com\"]}";
        assertThat(status("POST /v1/main/lookup HTTP/1.1\r\nHost: x\r\n" + KEY
                        + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body))
                .isEqualTo(200);
    }

    @Test
    void anOverflowingChunkSizeEndsTheConnection() throws IOException {
        try (RawConnection connection = new RawConnection(api.port())) {
            connection.say(
                    "POST /v1/main/lookup HTTP/1.1\r\nHost: x\r\n" + KEY
                            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n100000003\r\n{}\r\n0\r\n\r\n");
            assertThat(connection.untilClosed()).doesNotContain(" 200 ");
        }
    }

    @Test
    void whatIsTooLongIsRefused() throws IOException {
        assertThat(status("GET /" + "a".repeat(17_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .isEqualTo(414);
        assertThat(status("GET /health HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(33_000) + "\r\n\r\n"))
                .isEqualTo(431);
        assertThat(status("POST /v1/main/lookup HTTP/1.1\r\nHost: x\r\n" + KEY
                        + "Content-Type: application/json\r\nContent-Length: 1100000\r\n\r\n" + "[".repeat(1_100_000)))
                .isEqualTo(413);
    }

    @Test
    void aRequestThatDripsIsCutOff(@TempDir Path own) throws Exception {
        try (RunningApi impatient = new RunningApi(own, "/", 300, Duration.ofSeconds(75), 100, Map.of());
                RawConnection head = new RawConnection(impatient.port());
                RawConnection body = new RawConnection(impatient.port())) {
            head.say("GET /health HTTP/1.1\r\n");
            assertThat(head.untilClosed()).isEmpty();
            body.say("POST /v1/main/lookup HTTP/1.1\r\nHost: x\r\n" + KEY
                    + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
            assertThat(body.untilClosed()).doesNotContain(" 200 ");
        }
    }

    @Test
    void whoWaitsForAnAnswerIsNotIdle(@TempDir Path own) throws Exception {
        try (RunningApi slow = new RunningApi(own, "/", 300, Duration.ofMillis(300), 100, Map.of("latency", "1500ms"));
                RawConnection connection = new RawConnection(slow.port())) {
            assertThat(connection.say(GOOD).status()).isEqualTo(200);
            assertThat(connection.untilClosed()).as("and then it is idle").isEmpty();
        }
    }

    @Test
    void connectionsBeyondTheNumberAreClosed(@TempDir Path own) throws Exception {
        try (RunningApi small = new RunningApi(own, "/", 15_000, Duration.ofSeconds(75), 2, Map.of());
                RawConnection one = new RawConnection(small.port());
                RawConnection two = new RawConnection(small.port())) {
            assertThat(one.say(GOOD).status()).isEqualTo(200);
            assertThat(two.say(GOOD).status()).isEqualTo(200);
            try (RawConnection three = new RawConnection(small.port())) {
                assertThat(three.untilClosed()).isEmpty();
            }
        }
    }
}
