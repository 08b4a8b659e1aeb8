package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.CrmException;
import io.crmux.gateway.contact.VisibleTags;
import io.crmux.gateway.load.Entry;
import io.crmux.store.StoreException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a connection is asked before it has read what waits in the store, as others are at work already. */
class RecoveringTest {

    private static final long RECOVERY_MILLIS = 1_000;

    private final Bench bench = Bench.mirrored();
    private final ModelCrm second = Objects.requireNonNull(bench.mirrorCrm);

    @BeforeEach
    void aContactInBoth() {
        bench.crm.add("42", "jane@example.com", "customer");
        second.add("m7", "jane@example.com");
    }

    private Future<Void> beginRestart(String slow) {
        bench.store.recoveryMillis.put(slow, RECOVERY_MILLIS);
        return bench.beginRestart(memory -> {});
    }

    @Test
    void aReadWaitsUntilItCanShowWhatWasWritten() {
        bench.crm.failures = () -> CrmException.unavailable("down", 500);
        bench.apply(id("42"), "vip");
        beginRestart("main");
        bench.crm.failures = () -> null;
        Future<Cached<ContactTags>> read = bench.getTags(id("42"));
        bench.loop.advance(RECOVERY_MILLIS / 2);
        assertThat(read.isComplete()).isFalse();
        assertThat(bench.done(read).value().tags()).containsExactly("customer", "vip");
    }

    @Test
    void whoIsStillToBeCreatedIsShownFromMemory() {
        bench.crm.failures = () -> CrmException.unavailable("down", 500);
        bench.done(bench.add("joe@example.com", 0, "vip"));
        bench.done(beginRestart("main"));
        assertThat(bench.tags(email("joe@example.com"))).containsExactly("vip");
    }

    @Test
    void aLookUpOfManyWaitsNoLongerThanItIsTo() {
        beginRestart("main");
        List<Address> jane = List.of(Address.parse("jane@example.com").orElseThrow());
        Future<List<LookupRow>> rows = bench.connection.lookup(jane, RECOVERY_MILLIS / 4, Bench.TRACE);
        bench.loop.advance(RECOVERY_MILLIS / 2);
        assertThat(rows.result()).extracting(LookupRow::state).containsExactly(LookupRow.State.PENDING);
    }

    @Test
    void memoryDoesNotAnswerEither() {
        bench.tags(id("42"));
        Entry<VisibleTags> kept = Objects.requireNonNull(bench.memory().tags().get("42"));
        bench.store.recoveryMillis.put("main", RECOVERY_MILLIS);
        Future<Void> started = bench.beginRestart(memory -> memory.tags().put("42", kept));
        assertThat(bench.connection.peekTags(id("42"), new KnownTags())).isFalse();
        bench.done(started);
        assertThat(bench.connection.peekTags(id("42"), new KnownTags())).isTrue();
    }

    @Test
    void aWriteFollowsWhatWaited() {
        bench.crm.failures = () -> CrmException.unavailable("down", 500);
        bench.apply(id("42"), "vip");
        beginRestart("main");
        bench.crm.failures = () -> null;
        Future<Written> write = bench.connection.changeTags(id("42"), List.of(), List.of("vip"), NO_WAIT);
        bench.done(write);
        bench.loop.advance(60_000);
        assertThat(bench.crm.person("42").tags).containsExactly("customer");
    }

    @Test
    void othersAreNotHeldUp() {
        Future<Void> started = beginRestart("mirror");
        assertThat(bench.tags(id("42"))).containsExactly("customer");
        bench.apply(id("42"), "vip");
        assertThat(started.isComplete()).isFalse();
    }

    @Test
    void whatOthersAddBeforeItHasReadIsDeliveredOnce() {
        assertDeliveredOnceWhenAddedAfter(0);
    }

    @Test
    void whatOthersAddAfterItHasReadIsDeliveredOnce() {
        assertDeliveredOnceWhenAddedAfter(RECOVERY_MILLIS * 3 / 4);
    }

    private void assertDeliveredOnceWhenAddedAfter(long millis) {
        second.failures = () -> CrmException.unavailable("down", 500);
        bench.apply(email("jane@example.com"), "vip");
        Future<Void> started = beginRestart("mirror");
        bench.loop.advance(millis);
        bench.done(bench.connection.trackEvent(email("jane@example.com"), "visited", new JsonObject(), NO_WAIT));
        assertThat(started.isComplete()).isFalse();
        bench.done(started);
        second.forgetCalls();
        second.failures = () -> null;
        bench.loop.advance(600_000);
        assertThat(second.count("track_event")).isEqualTo(1);
        assertThat(second.person("m7").tags).containsExactly("vip");
    }

    @Test
    void whoeverWaitsIsToldWhenTheStoreCannotBeRead() {
        beginRestart("main");
        Future<Cached<ContactTags>> read = bench.getTags(id("42"));
        bench.store.failing = true;
        bench.loop.advance(RECOVERY_MILLIS);
        assertThat(read.failed()).isTrue();
        assertThat(read.cause()).isInstanceOf(StoreException.class);
    }
}
