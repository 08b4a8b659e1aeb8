package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.TRACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.ActiveCampaign;
import io.crmux.connector.fake.FakeActiveCampaign;
import io.crmux.crm.Answer;
import io.crmux.crm.Http;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Request;
import io.crmux.crm.Settings;
import io.crmux.telemetry.Metrics;
import io.crmux.upstream.ManualUpstream;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the metrics say was saved, beside the calls that the ActiveCampaign fake has seen. */
class SavedTest {

    private static final String URL = "https://shop.api-us1.com";
    private static final Settings SETTINGS =
            new Settings(Map.of("url", URL, "key", FakeActiveCampaign.KEY, "urls.events", URL));

    private final Vertx vertx = Vertx.vertx();
    private final FakeActiveCampaign fake = new FakeActiveCampaign(vertx);
    private final ManualLoop loop = new ManualLoop();
    private final ActiveCampaign connector = new ActiveCampaign();
    private final Metrics metrics = new Metrics(new SimpleMeterRegistry());
    private final List<String> calls = new ArrayList<>();
    private boolean down;
    private final Http http =
            ManualUpstream.open(loop, connector, SETTINGS, (request, millis) -> exchange(request), metrics);
    private final Connection connection = DefaultConnection.open(loop, connector, SETTINGS, http, metrics);

    @AfterEach
    void close() {
        fake.close();
        vertx.close().await();
    }

    private Future<Answer> exchange(Request request) {
        calls.add(request.method() + " " + request.path());
        Promise<Answer> answer = Promise.promise();
        loop.after(
                200,
                () -> answer.complete(
                        down
                                ? new Answer(503, MultiMap.caseInsensitiveMultiMap(), Buffer.buffer())
                                : fake.carryOut(request)));
        return answer.future();
    }

    private List<String> add(int contacts) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < contacts; i++) {
            ids.add(fake.add("user" + i + "@example.com", "before"));
        }
        return ids;
    }

    private void tag(String id, String... tags) {
        connection.changeTags(ContactRef.id(id), List.of(tags), List.of(), NO_WAIT);
    }

    private Metrics.Saved saved() {
        return metrics.saved("main");
    }

    /** Tags are listed and made before, which is no delivery. */
    private long deliveringCalls() {
        return calls.stream().filter(call -> !call.endsWith("/tags")).count();
    }

    @Test
    void readsFromMemoryAndReadsThatJoinAnother() {
        ContactRef contact = ContactRef.id(add(1).get(0));
        for (int i = 0; i < 3; i++) {
            connection.getTags(contact, Freshness.ANY, TRACE);
        }
        loop.advance(5_000);
        for (int i = 0; i < 4; i++) {
            connection.getTags(contact, Freshness.ANY, TRACE);
        }
        assertThat(saved()).isEqualTo(new Metrics.Saved(4, 2, 0));
    }

    @Test
    void contactsThatAreDeliveredTogetherAreSavedBarTheCalls() {
        add(500).forEach(id -> tag(id, "vip"));
        loop.advance(60_000);
        assertThat(deliveringCalls()).isBetween(2L, 30L);
        assertThat(saved().batching()).isEqualTo(500 - deliveringCalls());
    }

    @Test
    void aContactsChangesThatAreMergedAreSavedBarTheCall() {
        String id = add(1).get(0);
        tag(id, "vip", "gold");
        tag(id, "silver");
        tag(id, "bronze");
        loop.advance(30_000);
        assertThat(deliveringCalls()).isEqualTo(1);
        assertThat(saved().batching()).isEqualTo(2);
    }

    @Test
    void changesThatTakeACallEachSaveNothing() {
        JsonObject fields = new JsonObject().put("email", "new@example.com");
        connection.addContact(fields, false, List.of("vip"), NO_WAIT);
        loop.advance(30_000);
        assertThat(deliveringCalls()).isEqualTo(2);
        assertThat(saved().batching()).isZero();
    }

    @Test
    void aCallThatTheCrmDoesNotTakeCostsNothingOfWhatWasSaved() {
        List<String> ids = add(500);
        ids.forEach(id -> tag(id, "vip"));
        loop.advance(60_000);
        long before = saved().batching();
        down = true;
        tag(ids.get(0), "gold");
        loop.advance(120_000);
        assertThat(saved().batching()).isEqualTo(before);
    }
}
