package io.crmux.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.Sandbox;
import io.crmux.crm.Answer;
import io.crmux.crm.CrmException;
import io.crmux.crm.Http;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Request;
import io.crmux.crm.Settings;
import io.crmux.crm.Trace;
import io.crmux.crm.Transport;
import io.crmux.store.ChangeState;
import io.crmux.telemetry.Metrics;
import io.crmux.upstream.ManualUpstream;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What sites see of a connection while its CRM is down, with the upstream's breaker in between. */
class BreakerTest {

    private static final Trace TRACE = new Trace("test");
    private static final Settings SETTINGS =
            new Settings(Map.of("contacts", "500", "tags_per_contact", "2", "latency", "0ms", "failure_rate", "0.0"));

    private final ManualLoop loop = new ManualLoop();
    private final Sandbox connector = new Sandbox();
    private final Transport crm = connector.transport(SETTINGS, loop);
    private boolean down;
    private int calls;
    private final Http http = ManualUpstream.open(loop, connector, SETTINGS, this::exchange);
    private final Connection connection = Connection.open(
            new ConnectionOptions(
                    "main",
                    Map.of(),
                    new CacheOptions(Duration.ofMinutes(1), Duration.ofHours(2), Duration.ofMinutes(1)),
                    BatchOptions.defaults(),
                    ConnectionOptions.Mode.LIVE,
                    List.of(),
                    10_000_000,
                    4,
                    ConnectionOptions.DEFAULT_WAITING),
            connector.descriptor(),
            connector.open(SETTINGS, http),
            other -> connector.open(SETTINGS, http),
            new MemoryStore(loop),
            loop,
            new Metrics(new SimpleMeterRegistry()));

    private Future<Answer> exchange(Request request, long timeoutMillis) {
        calls++;
        return down
                ? Future.failedFuture(CrmException.unanswered(CrmException.Kind.UNAVAILABLE, "down", false))
                : crm.exchange(request, timeoutMillis);
    }

    private Future<Cached<ContactTags>> tags(int contact) {
        Future<Cached<ContactTags>> read =
                connection.getTags(ContactRef.id(Integer.toString(contact)), Freshness.ANY, TRACE);
        loop.advance(50);
        return read;
    }

    @BeforeEach
    void theBreakerIsOpen() {
        connection.start();
        loop.advance(100);
        assertThat(tags(1).result().crmUnavailable()).isFalse();
        down = true;
        for (int i = 100; i < 150; i++) {
            tags(i);
        }
        loop.advance(1_000);
    }

    @Test
    void aStaleAnswerIsGivenAtOnceAndMarked() {
        loop.advance(120_000);
        tags(1);
        loop.advance(1_000);
        int before = calls;
        for (int i = 0; i < 100; i++) {
            Cached<ContactTags> stale = tags(1).result();
            assertThat(stale.value().tags()).hasSize(2);
            assertThat(stale.crmUnavailable()).isTrue();
        }
        assertThat(calls - before).as("the CRM is not hammered").isLessThanOrEqualTo(3);
    }

    @Test
    void whatIsNotKnownFailsAtOnceWithTheTimeToWait() {
        Future<Cached<ContactTags>> unknown = tags(400);
        assertThat(unknown.cause()).isInstanceOfSatisfying(CrmException.class, failure -> {
            assertThat(failure.kind()).isEqualTo(CrmException.Kind.UNAVAILABLE);
            assertThat(failure.waitMillis()).isBetween(1L, 5_001L);
        });
    }

    @Test
    void writesWaitAndAreDeliveredWhenTheCrmIsBack() {
        Future<Written> written =
                connection.changeTags(ContactRef.id("1"), List.of("gold"), List.of(), new WriteOptions(0, TRACE));
        loop.advance(60_000);
        String operation = written.result().operation();
        assertThat(fate(operation).state()).isEqualTo(ChangeState.QUEUED);
        down = false;
        loop.advance(400_000);
        assertThat(fate(operation).state()).isEqualTo(ChangeState.DELIVERED);
    }

    private Fate fate(String operation) {
        Future<Fate> fate = connection.operation(operation);
        loop.advance(50);
        return fate.result();
    }
}
