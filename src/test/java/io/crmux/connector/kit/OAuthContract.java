package io.crmux.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.fake.FakeAuthorization;
import io.crmux.connector.fake.FakeCrm;
import io.crmux.crm.Answer;
import io.crmux.crm.Call;
import io.crmux.crm.Connector;
import io.crmux.crm.Credentials;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Deadline;
import io.crmux.crm.Lane;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.OAuth;
import io.crmux.crm.Operation;
import io.crmux.crm.Request;
import io.crmux.crm.Settings;
import io.crmux.crm.Tag;
import io.crmux.crm.Trace;
import io.crmux.upstream.ManualUpstream;
import io.crmux.upstream.TokenStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connector whose tokens end and are got anew: with the upstream that does that, and the fake's authorization server, over HTTP. Time is the test's. */
public abstract class OAuthContract {

    private static final String CALLBACK = "https://crmux.example.com/oauth/callback";
    private static final int TAGS = 1_050;
    private static final long MINUTE = 60_000;

    protected final Vertx vertx = Vertx.vertx();
    private final ManualLoop loop = new ManualLoop();
    private final Wire wire = new Wire(vertx);
    private final TokenStore kept = TokenStore.inMemory();
    private int callsUntilTheEnd = Integer.MAX_VALUE;

    protected abstract Connector connector();

    /** But for the client, which is the one that the fake's authorization server knows. */
    protected abstract Map<String, String> settings();

    protected abstract FakeCrm fake();

    @AfterEach
    void close() {
        fake().close();
        vertx.close().await();
    }

    /** Waits for the answer, since all that follows from it is to happen on the test's own thread. */
    private Future<Answer> exchange(Request request, long millis) {
        Answer answer = wire.exchange(request, MINUTE).await();
        if (--callsUntilTheEnd == 0) {
            authorization().endAccess();
        }
        return Future.succeededFuture(answer);
    }

    private FakeAuthorization authorization() {
        return fake().authorization();
    }

    private Settings withClient() {
        Map<String, String> settings = new HashMap<>(settings());
        settings.put(OAuth.CLIENT_ID, FakeAuthorization.CLIENT);
        settings.put(OAuth.CLIENT_SECRET, FakeAuthorization.SECRET);
        return new Settings(settings);
    }

    private ManualUpstream.Opened open() {
        ManualUpstream.Opened opened = ManualUpstream.open(loop, connector(), withClient(), this::exchange, kept);
        loop.runAll();
        return opened;
    }

    private Crm crm(ManualUpstream.Opened opened) {
        return connector().open(withClient(), opened.http());
    }

    private Crm connected() {
        ManualUpstream.Opened opened = open();
        if (done(opened.credentials().now()).source() == Credentials.Source.OPERATOR) {
            URI page = URI.create(done(opened.credentials().start(CALLBACK)));
            done(opened.credentials().finish(parameters(authorization().agree(page))));
        }
        Crm crm = crm(opened);
        done(crm.connect(call()));
        loop.advance(MINUTE);
        return crm;
    }

    private static Map<String, String> parameters(URI callback) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : callback.getRawQuery().split("&")) {
            parameters.put(pair.split("=", 2)[0], pair.split("=", 2)[1]);
        }
        return parameters;
    }

    private Call call() {
        return new Call(Lane.VISITOR, Deadline.in(loop, 10 * MINUTE), Operation.SYNC_TAGS, new Trace("kit"));
    }

    private <T> T done(Future<T> future) {
        for (int i = 0; i < 10_000 && !future.isComplete(); i++) {
            loop.advance(100);
        }
        return future.await();
    }

    /** How many tokens were got, the first one included. */
    private int got() {
        return authorization().asked().size();
    }

    @Test
    void aTokenThatEndsInTheMiddleOfPagingIsRenewedOnceAndPagingGoesOn() {
        fake().add(
                        "jane@example.com",
                        IntStream.range(0, TAGS).mapToObj(i -> "paged " + i).toArray(String[]::new));
        Crm crm = connected();
        callsUntilTheEnd = 1;
        List<Tag> tags = done(crm.syncTags(call()));
        assertThat(tags).hasSize(TAGS).doesNotHaveDuplicates();
        assertThat(callsUntilTheEnd).as("calls after the end").isLessThan(-1);
        assertThat(got()).isEqualTo(2);
    }

    /** Where a refresh token works once, each is used once, and the last one is kept. */
    @Test
    void tokensAreRenewedAgainAndAgainAndAfterARestart() {
        Crm crm = connected();
        for (int i = 0; i < 3; i++) {
            authorization().endAccess();
            done(crm.connect(call()));
            loop.advance(MINUTE);
        }
        assertThat(got()).isEqualTo(4);
        Crm later = crm(open());
        authorization().endAccess();
        done(later.connect(call()));
        assertThat(got()).isEqualTo(5);
    }

    @Test
    void whenAllIsTakenBackAnOperatorMustAgreeAgain() {
        Crm crm = connected();
        authorization().revoke();
        Future<?> refused = crm.connect(call());
        loop.advance(MINUTE);
        if (authorization().asked().contains("client_credentials")) {
            assertThat(refused.succeeded()).isTrue();
        } else {
            assertThat(refused.cause())
                    .hasMessageContaining("connected again")
                    .isInstanceOfSatisfying(
                            CrmException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(Kind.UNAUTHORIZED));
        }
    }
}
