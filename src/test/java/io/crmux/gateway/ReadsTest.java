package io.crmux.gateway;

import static io.crmux.gateway.Bench.TRACE;
import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.crm.CrmException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadsTest {

    private final Bench bench = Bench.plain();

    ReadsTest() {
        bench.crm.add("42", "jane@example.com", "customer", "vip");
    }

    @Test
    void twentyLookUpsOfOneAddressMakeOneCall() {
        List<Future<Cached<ContactTags>>> reads = IntStream.range(0, 20)
                .mapToObj(i -> bench.connection.getContactId(email("jane@example.com"), Freshness.ANY, TRACE))
                .toList();
        bench.done(Future.all(reads));
        assertThat(reads)
                .allSatisfy(read -> assertThat(read.result().value().id()).isEqualTo("42"));
        assertThat(bench.crm.count("get_contact_id")).isEqualTo(1);
        assertThat(reads.stream().filter(read -> read.result().collapsed())).hasSize(19);
    }

    @Test
    void aThousandReadsOfOneContactsTagsMakeOneCall() {
        List<Future<Cached<ContactTags>>> reads =
                IntStream.range(0, 1000).mapToObj(i -> bench.getTags(id("42"))).toList();
        bench.done(Future.all(reads));
        assertThat(bench.crm.count("get_tags")).isEqualTo(1);
    }

    @Test
    void aRepetitionWhileFreshMakesNoCall() {
        bench.tags(email("jane@example.com"));
        int calls = bench.crm.calls.size();
        bench.loop.advance(599_000);
        Cached<ContactTags> again = bench.done(bench.getTags(email("JANE@example.com")));
        assertThat(again.value().tags()).containsExactly("customer", "vip");
        assertThat(again.hit()).isTrue();
        assertThat(again.ageMillis()).isBetween(599_000L, 600_000L);
        assertThat(bench.crm.calls).hasSize(calls);
    }

    @Test
    void aStaleValueIsAnsweredAtOnceAndRefreshedBehindIt() {
        bench.tags(id("42"));
        bench.crm.person("42").tags.add("new");
        bench.loop.advance(601_000);
        Future<Cached<ContactTags>> stale = bench.getTags(id("42"));
        assertThat(stale.isComplete()).isTrue();
        assertThat(stale.result().value().tags()).containsExactly("customer", "vip");
        assertThat(stale.result().ttlMillis()).isNegative();
        bench.loop.advance(1_000);
        assertThat(bench.tags(id("42"))).containsExactly("customer", "vip", "new");
        assertThat(bench.crm.count("get_tags")).isEqualTo(2);
    }

    @Test
    void whenTheCrmIsDownTheStaleValueSaysSoAndRefreshesBackOff() {
        bench.tags(id("42"));
        bench.crm.failures = () -> CrmException.unavailable("down", 500);
        bench.loop.advance(601_000);
        bench.done(bench.getTags(id("42")));
        for (int i = 0; i < 600; i++) {
            bench.loop.advance(100);
            bench.done(bench.getTags(id("42")));
        }
        Cached<ContactTags> stale = bench.done(bench.getTags(id("42")));
        assertThat(stale.crmUnavailable()).isTrue();
        assertThat(stale.value().tags()).containsExactly("customer", "vip");
        assertThat(bench.crm.count("get_tags")).isBetween(5L, 8L);
    }

    @Test
    void pastStaleTheFailureIsAnswered() {
        bench.tags(id("42"));
        bench.crm.failures = () -> CrmException.unavailable("down", 500);
        bench.loop.advance(3_601_000);
        assertThatThrownBy(() -> bench.tags(id("42"))).isInstanceOf(CrmException.class);
    }

    @Test
    void noCacheJoinsOnlyALoadThatBeganAfterIt() {
        bench.crm.delay = () -> 50;
        Future<Cached<ContactTags>> first = bench.getTags(id("42"));
        bench.loop.advance(60);
        bench.crm.person("42").tags.add("new");
        Freshness noCache = new Freshness(Long.MAX_VALUE, Long.MAX_VALUE, true, false);
        List<Future<Cached<ContactTags>>> later = IntStream.range(0, 10)
                .mapToObj(i -> bench.connection.getTags(id("42"), noCache, TRACE))
                .toList();
        bench.done(Future.all(later));
        assertThat(first.result().value().tags()).containsExactly("customer", "vip");
        assertThat(later)
                .allSatisfy(read -> assertThat(read.result().value().tags()).contains("new"));
        assertThat(bench.crm.count("get_tags")).isEqualTo(2);
    }

    @Test
    void oneImpatientCallerEndsTheLoadForNobody() {
        bench.crm.delay = () -> 6_000;
        Future<Cached<ContactTags>> impatient = bench.getTags(id("42"));
        bench.loop.advance(5_000);
        Future<Cached<ContactTags>> patient = bench.getTags(id("42"));
        bench.loop.advance(5_500);
        assertThat(impatient.failed()).isTrue();
        bench.loop.advance(5_000);
        assertThat(patient.succeeded()).isTrue();
        assertThat(bench.crm.count("get_tags")).isEqualTo(1);
    }

    @Test
    void nobodyIsRememberedForAsLongAsTheSettingSays() {
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> bench.tags(email("nobody@example.com"))).isInstanceOf(Refusal.class);
        }
        assertThat(bench.crm.count("get_contact_id")).isEqualTo(1);
        bench.loop.advance(61_000);
        assertThatThrownBy(() -> bench.tags(email("nobody@example.com"))).isInstanceOf(Refusal.class);
        assertThat(bench.crm.count("get_contact_id")).isEqualTo(2);
    }

    @Test
    void onlyIfCachedNeverLoads() {
        Freshness onlyIfCached = new Freshness(Long.MAX_VALUE, Long.MAX_VALUE, false, true);
        assertThatThrownBy(() -> bench.done(bench.connection.getTags(id("42"), onlyIfCached, TRACE)))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_CACHED));
        assertThat(bench.crm.calls).isEmpty();
    }

    @Test
    void whatIsPurgedIsLoadedAnew() {
        bench.tags(id("42"));
        bench.done(bench.connection.purge(id("42")));
        bench.loop.advance(10);
        bench.tags(id("42"));
        assertThat(bench.crm.count("get_tags")).isEqualTo(2);
    }

    @Test
    void whenTooManyLoadsWaitTheRestIsToldToComeBack() {
        bench.tags(id("42"));
        bench.crm.delay = () -> 5_000;
        List<Future<Cached<ContactTags>>> reads = IntStream.range(0, 2_100)
                .mapToObj(i -> bench.getTags(id("x" + i)))
                .toList();
        assertThat(reads.stream().filter(Future::failed).toList())
                .hasSize(100)
                .allSatisfy(read -> assertThat(read.cause()).isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.OVERLOADED);
                    assertThat(refusal.retryAfterMillis()).isPositive();
                }));
        assertThat(bench.tags(id("42"))).containsExactly("customer", "vip");
    }

    @Test
    void aConnectorThatThrowsHasFailedAndBlocksNobody() {
        bench.crm.connectorsOwn = () -> {
            throw new IllegalStateException("a connector's fault");
        };
        assertThat(bench.getTags(id("42")).failed()).isTrue();
        assertThat(bench.connection.connect(Map.of(), TRACE).failed()).isTrue();
        assertThat(bench.connection.addTag("new", Bench.NO_WAIT).failed()).isTrue();
        bench.crm.connectorsOwn = () -> {};
        assertThat(bench.tags(id("42"))).containsExactly("customer", "vip");
        assertThat(bench.done(bench.connection.addTag("new", Bench.NO_WAIT)).name())
                .isEqualTo("new");
    }

    @Test
    void aLookUpThatAPurgeHasOvertakenIsNotKept() {
        bench.crm.delay = () -> 50;
        Future<Cached<ContactTags>> overtaken =
                bench.connection.getContactId(email("jane@example.com"), Freshness.ANY, TRACE);
        bench.loop.advance(10);
        bench.done(bench.connection.purge());
        bench.done(overtaken);
        bench.done(bench.connection.getContactId(email("jane@example.com"), Freshness.ANY, TRACE));
        assertThat(bench.crm.count("get_contact_id")).isEqualTo(2);
    }

    @Test
    void failuresAreNotCached() {
        bench.crm.failures = () -> CrmException.unavailable("down", 500);
        assertThatThrownBy(() -> bench.tags(id("42"))).isInstanceOf(CrmException.class);
        bench.crm.failures = () -> null;
        assertThat(bench.tags(id("42"))).containsExactly("customer", "vip");
    }
}
