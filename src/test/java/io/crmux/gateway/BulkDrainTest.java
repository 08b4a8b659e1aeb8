package io.crmux.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.Sandbox;
import io.crmux.crm.Answer;
import io.crmux.crm.Http;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Request;
import io.crmux.crm.Settings;
import io.crmux.crm.Trace;
import io.crmux.crm.Transport;
import io.crmux.telemetry.Metrics;
import io.crmux.upstream.ManualUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A hundred thousand changes drain into a CRM that takes a hundred calls in ten seconds, beside all other work for which nobody waits. */
class BulkDrainTest {

    private static final int CHANGES = 100_000;
    /** So many contacts are in memory, and go stale. */
    private static final int KNOWN = 20;

    private static final Trace TRACE = new Trace("test");
    private static final Settings SETTINGS = new Settings(Map.of(
            "contacts", "200000",
            "tags_per_contact", "1",
            "latency", "0ms",
            "rate_limit", "100/10s",
            "failure_rate", "0.0"));
    /** The window as it is kept, divided by the limit. */
    private static final long SLOT_MILLIS = 103;
    /** As exactly as the times of calls are kept, and a millisecond for each way. */
    private static final long GRAIN_MILLIS = 22;

    private final ManualLoop loop = new ManualLoop();
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final Random random = new Random(1);
    private final Sandbox connector = new Sandbox();
    private final Transport crm = connector.transport(SETTINGS, loop);
    private final Http http = ManualUpstream.open(loop, connector, SETTINGS, this::exchange);
    private final Connection connection = Connection.open(
            new ConnectionOptions(
                    "main",
                    Map.of(),
                    new CacheOptions(Duration.ofSeconds(30), Duration.ofHours(10), Duration.ofMinutes(1)),
                    BatchOptions.defaults(),
                    ConnectionOptions.Mode.LIVE,
                    List.of(),
                    100_000_000,
                    4,
                    ConnectionOptions.DEFAULT_WAITING),
            connector.descriptor(),
            connector.open(SETTINGS, http),
            other -> connector.open(SETTINGS, http),
            new MemoryStore(loop),
            loop,
            new Metrics(registry));
    private int calls;

    private Future<Answer> exchange(Request request, long timeoutMillis) {
        calls++;
        return crm.exchange(request, timeoutMillis);
    }

    private Future<Cached<ContactTags>> tags(int contact) {
        return connection.getTags(ContactRef.id(Integer.toString(contact)), Freshness.ANY, TRACE);
    }

    private void queueChanges() {
        for (int i = 1; i <= CHANGES; i++) {
            connection.changeTags(
                    ContactRef.id(Integer.toString(i)), List.of("gold"), List.of(), new WriteOptions(0, TRACE));
        }
    }

    /** One page after another, as whoever loads all contacts does. */
    private void loadAll(@Nullable String cursor) {
        connection
                .loadContacts("customer", 100, cursor, true, TRACE)
                .onComplete(page -> loop.after(
                        1, () -> loadAll(page.succeeded() ? page.result().cursor() : null)));
    }

    @Test
    void aVisitorsMissWaitsAtMostTwoSlotsOfTheLimit() {
        connection.start();
        loop.advance(100);
        for (int known = 1; known <= KNOWN; known++) {
            tags(known);
        }
        loop.advance(10_000);
        queueChanges();
        loop.advance(1_000);
        loadAll(null);
        loop.advance(60_000);
        long began = loop.millis();
        int callsBefore = calls;
        int unknown = CHANGES;
        for (int i = 0; i < 150; i++) {
            loop.advance(1_000 + random.nextInt(30_000));
            tags(1 + random.nextInt(KNOWN));
            Future<Cached<ContactTags>> miss = tags(++unknown);
            long asked = loop.millis();
            while (!miss.isComplete()) {
                loop.advance(1);
            }
            assertThat(loop.millis() - asked).as("visitor %d", i).isLessThanOrEqualTo(2 * SLOT_MILLIS + GRAIN_MILLIS);
            assertThat(miss.result().hit()).isFalse();
        }
        assertThat(registry.get("crmux.outbox.length").gauge().value())
                .as("changes that still wait")
                .isGreaterThan(CHANGES * 0.4);
        assertThat(calls - callsBefore).as("calls used of those allowed").isGreaterThan((int)
                ((loop.millis() - began) / SLOT_MILLIS * 95 / 100));
    }
}
