package io.crmux.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.fake.FakeAuthorization;
import io.crmux.connector.fake.LetInCrm;
import io.crmux.crm.Answer;
import io.crmux.crm.Call;
import io.crmux.crm.Credentials;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Deadline;
import io.crmux.crm.Http;
import io.crmux.crm.Lane;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Operation;
import io.crmux.crm.Page;
import io.crmux.crm.Request;
import io.crmux.crm.Settings;
import io.crmux.crm.Tag;
import io.crmux.crm.Trace;
import io.crmux.crm.Transport;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How tokens are got, kept and renewed, in injected time. */
class TokensTest {

    private static final String URL = "https://login.let-in.example";
    private static final String API = "https://acme.let-in.example/api";
    private static final String CALLBACK = "https://crmux.example.com/oauth/callback";
    private static final long HOUR = 3_600_000;

    private final ManualLoop loop = new ManualLoop();
    private final FakeAuthorization authorization = new FakeAuthorization(loop::millis).teaches(Map.of("api", API));
    private final Kept kept = new Kept();
    private final List<String> called = new ArrayList<>();
    private int lostTokenAnswers;
    private boolean rejectsAll;
    private int jitter;
    private int sent;

    /** A store whose disk may be full. */
    private static final class Kept implements TokenStore {

        private final Map<String, JsonObject> tokens = new HashMap<>();
        private boolean isBroken;
        private @Nullable String unreadable;

        @Override
        public Future<Optional<JsonObject>> recover(String connection) {
            return unreadable == null
                    ? Future.succeededFuture(Optional.ofNullable(tokens.get(connection)))
                    : Future.failedFuture(new UnreadableException(unreadable));
        }

        @Override
        public Future<Void> keep(String connection, JsonObject token) {
            if (isBroken) {
                return Future.failedFuture(new IllegalStateException("the disk is full"));
            }
            tokens.put(connection, token);
            return Future.succeededFuture();
        }
    }

    private final Transport transport = (request, timeout) -> {
        Promise<Answer> answer = Promise.promise();
        boolean isToken = request.uri().equals(URL + "/token");
        loop.after(isToken ? 10 : 10 + jitter * (sent++ % 4), () -> answer(request, answer));
        return answer.future();
    };

    private void answer(Request request, Promise<Answer> promise) {
        String proof = request.headers().stream()
                .filter(header -> header.name().equals("authorization"))
                .map(Request.Pair::value)
                .findFirst()
                .orElse(null);
        if (request.uri().equals(URL + "/token")) {
            FakeAuthorization.Answer told = authorization.token(Objects.requireNonNull(request.body()), proof);
            if (lostTokenAnswers > 0) {
                lostTokenAnswers--;
                promise.fail(CrmException.unanswered(CrmException.Kind.TIMEOUT, "no answer in time", true));
            } else {
                promise.complete(new Answer(
                        told.status(),
                        MultiMap.caseInsensitiveMultiMap(),
                        told.body().toBuffer()));
            }
            return;
        }
        called.add(request.uri());
        boolean isGood = !rejectsAll && authorization.accepts(proof, LetInCrm.SCHEME);
        promise.complete(new Answer(
                isGood ? 200 : 401, MultiMap.caseInsensitiveMultiMap(), isGood ? body(request) : Buffer.buffer()));
    }

    /** Whose account it is, and of pages also which one it is and which is next. */
    private static Buffer body(Request request) {
        JsonObject body = new JsonObject().put("name", "Acme");
        for (Request.Pair pair : request.query()) {
            body.put("id", pair.value()).put("next", String.valueOf(Integer.parseInt(pair.value()) + 1));
        }
        return body.toBuffer();
    }

    private static Settings settings(String grant) {
        return new Settings(Map.of(
                "url",
                URL,
                "client_id",
                FakeAuthorization.CLIENT,
                "client_secret",
                FakeAuthorization.SECRET,
                "grant",
                grant));
    }

    private ManualUpstream.Opened open() {
        return open(settings("authorization_code"));
    }

    private ManualUpstream.Opened open(Settings settings) {
        ManualUpstream.Opened opened = ManualUpstream.open(loop, new LetInCrm(), settings, transport, kept);
        loop.runAll();
        return opened;
    }

    private Call call(long millis) {
        return new Call(Lane.VISITOR, Deadline.in(loop, millis), Operation.GET_TAGS, new Trace("t"));
    }

    private static Request request() {
        return Request.get("{api}", "/me");
    }

    private Future<Answer> send(Http http) {
        return http.send(call(10_000), request());
    }

    private <T> T done(Future<T> future) {
        for (int i = 0; i < 20_000 && !future.isComplete(); i++) {
            loop.advance(1);
        }
        assertThat(future.isComplete()).isTrue();
        if (future.failed() && future.cause() instanceof RuntimeException failure) {
            throw failure;
        }
        return future.result();
    }

    private CrmException failure(Future<?> future) {
        for (int i = 0; i < 20_000 && !future.isComplete(); i++) {
            loop.advance(1);
        }
        assertThat(future.failed()).isTrue();
        return CrmException.of(future.cause());
    }

    private static Map<String, String> parameters(URI callback) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : callback.getRawQuery().split("&")) {
            parameters.put(pair.split("=", 2)[0], pair.split("=", 2)[1]);
        }
        return parameters;
    }

    private ManualUpstream.Opened connected() {
        ManualUpstream.Opened opened = open();
        URI page = URI.create(done(opened.credentials().start(CALLBACK)));
        done(opened.credentials().finish(parameters(authorization.agree(page))));
        return opened;
    }

    private Credentials.State state(ManualUpstream.Opened opened) {
        return done(opened.credentials().now());
    }

    @Test
    void anOperatorConnectsItAndItGoesWhereTheCrmHasSaid() {
        ManualUpstream.Opened opened = open();
        assertThat(failure(send(opened.http())))
                .hasMessageContaining("crmux connect main")
                .returns(CrmException.Kind.UNAUTHORIZED, CrmException::kind)
                .returns(false, CrmException::sent);
        URI page = URI.create(done(opened.credentials().start(CALLBACK)));
        assertThat(page.toString())
                .startsWith(URL + "/authorize?")
                .contains("access_type=offline", "scope=contacts%20tags");
        done(opened.credentials().finish(parameters(authorization.agree(page))));
        assertThat(done(send(opened.http())).status()).isEqualTo(200);
        assertThat(called).containsExactly(API + "/me");
        assertThat(state(opened))
                .returns(true, Credentials.State::isConnected)
                .returns(null, Credentials.State::problem);
    }

    @Test
    void aThousandRequestsAtItsEndMakeOneRefresh() {
        ManualUpstream.Opened opened = connected();
        loop.advance(2 * HOUR);
        List<Future<Answer>> all = IntStream.range(0, 1000)
                .mapToObj(i -> opened.http().send(call(60_000), request()))
                .toList();
        all.forEach(this::done);
        assertThat(authorization.asked()).containsExactly("authorization_code", "refresh_token");
        assertThat(called).hasSize(1000);
    }

    @Test
    void aThousandRequestsThatAreRejectedOnTheWayMakeOneRefreshAndAreSentAgainOnce() {
        ManualUpstream.Opened opened = connected();
        loop.advance(HOUR / 2);
        authorization.endAccess();
        jitter = 25;
        List<Future<Answer>> all = IntStream.range(0, 1000)
                .mapToObj(i -> opened.http().send(call(60_000), request()))
                .toList();
        all.forEach(this::done);
        assertThat(authorization.asked()).containsExactly("authorization_code", "refresh_token");
        assertThat(called).hasSizeBetween(1001, 1004);
    }

    @Test
    void itIsRenewedSomewhatBeforeItsEndAndNobodyWaits() {
        ManualUpstream.Opened opened = connected();
        loop.advance(HOUR - 200_000);
        long before = loop.millis();
        done(send(opened.http()));
        assertThat(loop.millis() - before).isEqualTo(10);
        loop.advance(100);
        assertThat(authorization.asked()).containsExactly("authorization_code", "refresh_token");
    }

    @Test
    void aNewTokenThatIsRejectedIsNotRenewedAgainAndAgain() {
        ManualUpstream.Opened opened = connected();
        loop.advance(HOUR / 2);
        rejectsAll = true;
        for (int i = 0; i < 20; i++) {
            assertThat(failure(send(opened.http())).crmStatus()).isEqualTo(401);
        }
        assertThat(authorization.asked()).containsExactly("authorization_code", "refresh_token");
    }

    @Test
    void whenTheEndpointFailsForNowRequestsWaitAndItIsAskedWithGrowingPauses() {
        ManualUpstream.Opened opened = connected();
        loop.advance(2 * HOUR);
        authorization.saysInstead(new FakeAuthorization.Answer(503, new JsonObject()));
        Future<Answer> waits = opened.http().send(call(120_000), request());
        loop.advance(60_000);
        assertThat(waits.isComplete()).isFalse();
        assertThat(authorization.asked()).hasSizeBetween(5, 40);
        authorization.saysInstead(null);
        assertThat(done(waits).status()).isEqualTo(200);
    }

    @Test
    void whoCannotWaitSoLongIsToldWhatIsWrong() {
        ManualUpstream.Opened opened = connected();
        loop.advance(2 * HOUR);
        authorization.saysInstead(new FakeAuthorization.Answer(503, new JsonObject()));
        assertThat(failure(opened.http().send(call(3_000), request())))
                .hasMessageContaining("no token could be got")
                .returns(CrmException.Kind.UNAVAILABLE, CrmException::kind);
    }

    @Test
    void whatTheCrmHasTakenBackNeedsAnOperatorAndIsNotAskedForAgain() {
        ManualUpstream.Opened opened = connected();
        authorization.revoke();
        loop.advance(2 * HOUR);
        for (int i = 0; i < 10; i++) {
            assertThat(failure(send(opened.http())))
                    .hasMessageContaining("needs to be connected again: crmux connect main")
                    .returns(CrmException.Kind.UNAUTHORIZED, CrmException::kind);
            loop.advance(60_000);
        }
        assertThat(authorization.asked()).containsExactly("authorization_code", "refresh_token");
        assertThat(state(opened)).returns(false, Credentials.State::isConnected);
        URI page = URI.create(done(opened.credentials().start(CALLBACK)));
        done(opened.credentials().finish(parameters(authorization.agree(page))));
        assertThat(done(send(opened.http())).status()).isEqualTo(200);
    }

    @Test
    void whatIsLeftOfATokenIsUsedUpThoughItIsNotRenewedAnyMore() {
        ManualUpstream.Opened opened = connected();
        authorization.saysInstead(new FakeAuthorization.Answer(400, new JsonObject().put("error", "invalid_grant")));
        loop.advance(HOUR - 200_000);
        for (int i = 0; i < 3; i++) {
            assertThat(done(send(opened.http())).status()).isEqualTo(200);
        }
        assertThat(state(opened)).returns(true, Credentials.State::isConnected);
        assertThat(state(opened).problem()).contains("needs to be connected again");
        loop.advance(200_000);
        assertThat(failure(send(opened.http()))).hasMessageContaining("needs to be connected again");
        assertThat(authorization.asked()).hasSize(2);
    }

    @Test
    void noSecretIsInAMessage() {
        ManualUpstream.Opened opened = connected();
        authorization.revoke();
        loop.advance(2 * HOUR);
        CrmException failure = failure(send(opened.http()));
        assertThat(failure.words()).contains("invalid_grant", "***");
        assertThat(authorization.secrets()).noneMatch(failure.words()::contains);
    }

    @Test
    void aClientThatIsNotAcceptedIsTriedOnceAMinuteAndLosesNothing() {
        ManualUpstream.Opened opened = connected();
        loop.advance(2 * HOUR);
        authorization.saysInstead(new FakeAuthorization.Answer(401, new JsonObject().put("error", "invalid_client")));
        for (int i = 0; i < 60; i++) {
            assertThat(failure(send(opened.http()))).returns(CrmException.Kind.UNAUTHORIZED, CrmException::kind);
            loop.advance(3_000);
        }
        assertThat(authorization.asked()).hasSizeBetween(4, 5);
        authorization.saysInstead(null);
        loop.advance(60_000);
        assertThat(done(send(opened.http())).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"false, true", "true, false"})
    void whenTheAnswerIsLostTheFormerRefreshTokenIsTried(boolean rotates, boolean isConnected) {
        authorization.rotates(false);
        ManualUpstream.Opened opened = connected();
        authorization.rotates(rotates);
        loop.advance(2 * HOUR);
        lostTokenAnswers = 1;
        Future<Answer> sent = send(opened.http());
        if (isConnected) {
            assertThat(done(sent).status()).isEqualTo(200);
        } else {
            assertThat(failure(sent)).hasMessageContaining("needs to be connected again");
        }
        assertThat(authorization.asked()).containsExactly("authorization_code", "refresh_token", "refresh_token");
    }

    @ParameterizedTest
    @CsvSource({"false, true", "true, false"})
    void afterACrashBetweenAnswerAndStoreTheFormerRefreshTokenIsTried(boolean rotates, boolean isConnected) {
        authorization.rotates(false);
        ManualUpstream.Opened opened = connected();
        authorization.rotates(rotates);
        loop.advance(2 * HOUR);
        kept.isBroken = true;
        Future<Answer> sent = send(opened.http());
        loop.advance(2_000);
        assertThat(authorization.asked()).hasSize(2);
        assertThat(called).as("not used before it is stored").isEmpty();
        assertThat(sent.isComplete()).isFalse();

        kept.isBroken = false;
        ManualUpstream.Opened next = open();
        if (isConnected) {
            assertThat(done(send(next.http())).status()).isEqualTo(200);
        } else {
            assertThat(failure(send(next.http()))).hasMessageContaining("needs to be connected again");
        }
    }

    @Test
    void whatCannotBeStoredIsNotUsedUntilItIs() {
        ManualUpstream.Opened opened = connected();
        loop.advance(2 * HOUR);
        kept.isBroken = true;
        assertThat(failure(opened.http().send(call(5_000), request()))).hasMessageContaining("could not be stored");
        kept.isBroken = false;
        loop.advance(60_000);
        assertThat(done(send(opened.http())).status()).isEqualTo(200);
        assertThat(authorization.asked()).as("the answer is kept meanwhile").hasSize(2);
    }

    @Test
    void aRestartTakesUpWhatWasStored() {
        connected();
        ManualUpstream.Opened next = open();
        assertThat(done(send(next.http())).status()).isEqualTo(200);
        assertThat(authorization.asked()).containsExactly("authorization_code");
        assertThat(state(next).sinceMillis()).isNotNull();
    }

    @Test
    void aTokenOfAnotherClientOrHostIsNotUsed() {
        connected();
        Map<String, String> other = new HashMap<>(settings("authorization_code").values());
        other.put("url", "https://other.let-in.example");
        ManualUpstream.Opened next = open(new Settings(other));
        assertThat(failure(send(next.http()))).hasMessageContaining("another client or host");
        assertThat(called).isEmpty();
    }

    @Test
    void whatIsEncryptedWithAnotherKeyIsSaidAndAnOperatorMayConnectAnew() {
        kept.unreadable = "encrypted with another key";
        ManualUpstream.Opened opened = open();
        assertThat(failure(send(opened.http()))).hasMessageContaining("encrypted with another key");
        assertThat(state(opened).problem()).contains("encrypted with another key");
        URI page = URI.create(done(opened.credentials().start(CALLBACK)));
        done(opened.credentials().finish(parameters(authorization.agree(page))));
        assertThat(done(send(opened.http())).status()).isEqualTo(200);
    }

    @Test
    void aStateWorksOnceAndForTenMinutesAndForNobodyElse() {
        ManualUpstream.Opened opened = open();
        URI page = URI.create(done(opened.credentials().start(CALLBACK)));
        Map<String, String> back = parameters(authorization.agree(page));
        Map<String, String> forged = new HashMap<>(back);
        forged.put("state", "main.forged");
        assertThat(failure(opened.credentials().finish(forged))).returns(CrmException.Kind.INVALID, CrmException::kind);
        done(opened.credentials().finish(back));
        assertThat(failure(opened.credentials().finish(back))).returns(CrmException.Kind.INVALID, CrmException::kind);

        URI late = URI.create(done(opened.credentials().start(CALLBACK)));
        Map<String, String> tooLate = parameters(authorization.agree(late));
        loop.advance(600_001);
        assertThat(failure(opened.credentials().finish(tooLate)))
                .returns(CrmException.Kind.INVALID, CrmException::kind);
        assertThat(authorization.asked()).containsExactly("authorization_code");
    }

    @Test
    void aCodeIsOfNoUseWithTheVerifierOfAnotherPage() {
        ManualUpstream.Opened opened = open();
        Map<String, String> one = parameters(
                authorization.agree(URI.create(done(opened.credentials().start(CALLBACK)))));
        Map<String, String> other = parameters(
                authorization.agree(URI.create(done(opened.credentials().start(CALLBACK)))));
        other.put("code", one.getOrDefault("code", ""));
        assertThat(failure(opened.credentials().finish(other))).hasMessageContaining("invalid_grant");
        assertThat(state(opened)).returns(false, Credentials.State::isConnected).returns(1, Credentials.State::answers);
    }

    @Test
    void anOperatorWhoDisagreesIsBelieved() {
        ManualUpstream.Opened opened = open();
        String page = done(opened.credentials().start(CALLBACK));
        String state = parameters(URI.create(page)).getOrDefault("state", "");
        assertThat(failure(opened.credentials().finish(Map.of("state", state, "error", "access_denied"))))
                .hasMessage("access_denied");
        assertThat(state(opened).problem()).contains("access_denied");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://evil.example/api", "http://acme.let-in.example", "https://let-in.example.evil.example"})
    void anAddressThatIsNotTheVendorsIsNotBelieved(String learned) {
        authorization.teaches(Map.of("api", learned));
        ManualUpstream.Opened opened = open();
        URI page = URI.create(done(opened.credentials().start(CALLBACK)));
        assertThat(failure(opened.credentials().finish(parameters(authorization.agree(page)))))
                .hasMessageContaining("is not one of the CRM's own");
        failure(send(opened.http()));
        assertThat(called).isEmpty();
    }

    @Test
    void aClientThatNeedsNoOperatorGetsItsTokenByItselfWhenItIsNeeded() {
        ManualUpstream.Opened opened = open(settings("client_credentials"));
        assertThat(authorization.asked()).isEmpty();
        List<Future<Answer>> all =
                IntStream.range(0, 100).mapToObj(i -> send(opened.http())).toList();
        all.forEach(this::done);
        loop.advance(2 * HOUR);
        done(send(opened.http()));
        assertThat(authorization.asked()).containsExactly("client_credentials", "client_credentials");
        assertThat(kept.tokens).as("what can be got again is not stored").isEmpty();
        assertThat(failure(opened.credentials().start(CALLBACK)))
                .returns(CrmException.Kind.UNSUPPORTED, CrmException::kind);
    }

    @Test
    void aClientByItselfThatIsRefusedIsNeverGivenUp() {
        authorization.saysInstead(new FakeAuthorization.Answer(400, new JsonObject().put("error", "invalid_grant")));
        ManualUpstream.Opened opened = open(settings("client_credentials"));
        assertThat(failure(send(opened.http()))).hasMessageContaining("invalid_grant");
        authorization.saysInstead(null);
        loop.advance(60_000);
        assertThat(done(send(opened.http())).status()).isEqualTo(200);
    }

    @Test
    void aRefreshTokenThatIsNotReplacedIsKept() {
        authorization.rotates(false);
        ManualUpstream.Opened opened = connected();
        for (int i = 0; i < 3; i++) {
            loop.advance(2 * HOUR);
            assertThat(done(send(opened.http())).status()).isEqualTo(200);
        }
    }

    @Test
    void aTokenThatEndsBetweenTwoPagesLosesNoPage() {
        ManualUpstream.Opened opened = connected();
        Crm crm = new LetInCrm().open(settings("authorization_code"), opened.http());
        loop.advance(HOUR / 2);
        List<String> pages = new ArrayList<>();
        String cursor = null;
        for (int i = 0; i < 3; i++) {
            Page<String> page = done(crm.loadContacts(call(10_000), Tag.named("vip"), 10, cursor));
            pages.addAll(page.items());
            cursor = page.cursor();
            authorization.endAccess();
            loop.advance(60_000);
        }
        assertThat(pages).containsExactly("0", "1", "2");
        assertThat(authorization.asked()).containsExactly("authorization_code", "refresh_token", "refresh_token");
    }

    @Test
    void aConnectionThatLiesIdleRenewsItsTokenOnceADay() {
        ManualUpstream.Opened opened = connected();
        loop.advance(10L * 24 * HOUR + HOUR);
        assertThat(authorization.asked()).hasSize(11);
        assertThat(state(opened).isConnected()).isTrue();
    }
}
