package io.crmux.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.ActiveCampaign;
import io.crmux.crm.Answer;
import io.crmux.crm.Authentication;
import io.crmux.crm.Call;
import io.crmux.crm.Connector;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Deadline;
import io.crmux.crm.Descriptor;
import io.crmux.crm.Http;
import io.crmux.crm.Lane;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Operation;
import io.crmux.crm.Request;
import io.crmux.crm.Settings;
import io.crmux.crm.Token;
import io.crmux.crm.Trace;
import io.crmux.crm.Transport;
import io.crmux.crm.Verdict;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sessions as Vtiger has them: a challenge, a log-in with what it asks for, and an end that is told with status 200. */
class SessionsTest {

    private static final String URL = "https://vt.example.com";
    private static final long MINUTE = 60_000;

    private final ManualLoop loop = new ManualLoop();
    private final List<String> called = new ArrayList<>();
    private String session = "none yet";
    private int sessions;
    private @Nullable Duration lifetime;
    private String accepted = "right";

    private final Connector connector = new Connector() {

        private final Descriptor real = new ActiveCampaign().descriptor();

        @Override
        public Descriptor descriptor() {
            return new Descriptor(
                    real.slug(),
                    real.name(),
                    real.settings(),
                    Authentication.session(
                            "a session of key",
                            (call, settings, http) -> logIn(call, settings, http),
                            (request, settings, millis) -> request.query("session", settings.text("session"))),
                    List.of(),
                    100,
                    real.tag(),
                    real.supports(),
                    real.fields(),
                    real.countries(),
                    real.docs());
        }

        private Future<Token> logIn(Call call, Settings settings, Http http) {
            return http.send(call, Request.get(URL, "/challenge"))
                    .compose(answer -> http.send(
                            call,
                            Request.post(URL, "/login")
                                    .query(
                                            "key",
                                            settings.text("key") + answer.json().getString("challenge"))))
                    .map(answer -> new Token(Map.of("session", answer.json().getString("session")), lifetime));
        }

        @Override
        public Verdict judge(Request request, Answer answer) {
            String error = answer.json().getString("error");
            if (error == null) {
                return Verdict.ok();
            }
            CrmException failure = CrmException.of(CrmException.Kind.UNAUTHORIZED, error, answer.status());
            return error.equals("SESSION_EXPIRED") ? Verdict.expired(failure) : Verdict.failed(failure);
        }

        @Override
        public Crm open(Settings settings, Http http) {
            throw new UnsupportedOperationException();
        }
    };

    private final Transport transport = (request, timeout) -> {
        Promise<Answer> answer = Promise.promise();
        loop.after(
                10,
                () -> answer.complete(new Answer(
                        200, MultiMap.caseInsensitiveMultiMap(), body(request).toBuffer())));
        return answer.future();
    };

    private JsonObject body(Request request) {
        called.add(request.path());
        String query = request.query().toString();
        return switch (request.path()) {
            case "/challenge" -> new JsonObject().put("challenge", "-4d9c");
            case "/login" -> {
                session = "session-" + sessions++;
                yield query.contains(accepted + "-4d9c")
                        ? new JsonObject().put("session", session)
                        : new JsonObject().put("error", "INVALID_USER_CREDENTIALS");
            }
            default -> query.contains(session) ? new JsonObject() : new JsonObject().put("error", "SESSION_EXPIRED");
        };
    }

    private final Http http =
            ManualUpstream.open(loop, connector, new Settings(Map.of("url", URL, "key", "right")), transport);

    private List<Future<Answer>> send(int requests) {
        return IntStream.range(0, requests)
                .mapToObj(i -> http.send(
                        new Call(Lane.VISITOR, Deadline.in(loop, 5_000), Operation.GET_TAGS, new Trace("t")),
                        Request.get(URL, "/contacts")))
                .toList();
    }

    private long count(String path) {
        return called.stream().filter(path::equals).count();
    }

    @Test
    void manyRequestsOpenOneSessionAndOneMoreWhenItEndsWithoutNotice() {
        List<Future<Answer>> first = send(50);
        loop.advance(1_000);
        assertThat(first).allMatch(Future::succeeded);
        assertThat(count("/login")).isEqualTo(1);
        loop.advance(MINUTE);
        session = "ended";
        List<Future<Answer>> second = send(50);
        loop.advance(1_000);
        assertThat(second).allMatch(Future::succeeded);
        assertThat(count("/login")).isEqualTo(2);
        assertThat(count("/contacts")).isEqualTo(150);
    }

    @Test
    void aSessionWhoseLifeIsToldIsOpenedAnewBeforeItsEnd() {
        lifetime = Duration.ofMinutes(5);
        send(1);
        loop.advance(4 * MINUTE + 40_000);
        List<Future<Answer>> later = send(1);
        loop.advance(1_000);
        assertThat(later).allMatch(Future::succeeded);
        assertThat(count("/login")).isEqualTo(2);
        assertThat(called.subList(called.size() - 3, called.size()))
                .containsExactlyInAnyOrder("/contacts", "/challenge", "/login");
    }

    @Test
    void aKeyThatIsNotAcceptedIsTriedOnceAMinute() {
        accepted = "other";
        for (int i = 0; i < 30; i++) {
            List<Future<Answer>> sent = send(1);
            loop.advance(5_000);
            assertThat(sent.get(0).cause()).hasMessageContaining("INVALID_USER_CREDENTIALS");
        }
        assertThat(count("/login")).isEqualTo(3);
        accepted = "right";
        loop.advance(MINUTE);
        List<Future<Answer>> sent = send(1);
        loop.advance(1_000);
        assertThat(sent).allMatch(Future::succeeded);
    }
}
