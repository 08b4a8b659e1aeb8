package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.TRACE;
import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.crmux.crm.Value;
import io.crmux.store.ChangeState;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What many look-ups and many changes cost, in calls. */
class FewerCallsTest {

    private static String address(int i) {
        return "user" + i + "@example.com";
    }

    private static Bench bench(int contacts, int concurrent) {
        Bench bench = Bench.bulk(100, 500, concurrent, 1);
        for (int i = 0; i < contacts; i++) {
            ModelCrm.Person person = new ModelCrm.Person("c" + i);
            person.fields.put("email", Value.text(address(i)));
            bench.crm.people.put(person.id, person);
        }
        return bench;
    }

    private static Future<Cached<ContactTags>> lookUp(Bench bench, int i) {
        return bench.connection.getContactId(email(address(i)), Freshness.ANY, TRACE);
    }

    @Test
    void tenThousandLookUpsOfAThousandAddressesAreThirteenCallsAtMost() {
        Bench bench = bench(1_000, 1);
        bench.loop.advance(1);
        Future<Cached<ContactTags>> first = lookUp(bench, 0);
        bench.loop.advance(1);
        List<Future<Cached<ContactTags>>> others = IntStream.range(1, 10_000)
                .mapToObj(i -> lookUp(bench, i % 1_000))
                .toList();
        bench.done(Future.all(others));
        assertThat(first.result().value().id()).isEqualTo("c0");
        for (int i = 1; i < 10_000; i++) {
            assertThat(others.get(i - 1).result().value().id()).isEqualTo("c" + i % 1_000);
        }
        assertThat(bench.crm.calls).hasSizeLessThanOrEqualTo(13);
        assertThat(((BulkModelCrm) bench.crm).mostUnderWay).isEqualTo(1);
    }

    @Test
    void aThousandAddressesAtOnceAreTenCalls() {
        Bench bench = bench(1_000, 4);
        List<Address> addresses = IntStream.range(0, 1_000)
                .mapToObj(i -> Address.parse(address(i)).orElseThrow())
                .toList();
        List<LookupRow> rows = bench.done(bench.connection.lookup(addresses, 10_000, TRACE));
        assertThat(rows).extracting(LookupRow::state).containsOnly(LookupRow.State.FRESH);
        assertThat(bench.crm.count("get_contact_ids")).isEqualTo(10);
        assertThat(bench.crm.count("get_contact_id")).isZero();
        assertThat(((BulkModelCrm) bench.crm).mostUnderWay).isEqualTo(4);
    }

    @Test
    void whatMemoryKnowsIsNotWaitedForWithTheRest() {
        Bench bench = bench(3, 4);
        Address known = Address.parse(address(1)).orElseThrow();
        bench.done(bench.connection.getTags(email(address(1)), Freshness.ANY, TRACE));
        int calls = bench.crm.calls.size();
        assertThat(bench.done(bench.connection.lookup(List.of(known, known), 10_000, TRACE)))
                .extracting(LookupRow::id)
                .containsExactly("c1", "c1");
        assertThat(bench.crm.calls).as("calls for what is known").hasSize(calls);
        List<Address> three = IntStream.range(0, 3)
                .mapToObj(i -> Address.parse(address(i)).orElseThrow())
                .toList();
        assertThat(bench.done(bench.connection.lookup(three, 10_000, TRACE)))
                .extracting(LookupRow::address, LookupRow::id)
                .containsExactly(tuple(three.get(0), "c0"), tuple(three.get(1), "c1"), tuple(three.get(2), "c2"));
    }

    @Test
    void oneTagForTenThousandContactsIsTwentyFiveCallsAtMost() {
        Bench bench = bench(10_000, 4);
        List<Future<Written>> writes = IntStream.range(0, 10_000)
                .mapToObj(i -> bench.connection.changeTags(id("c" + i), List.of("gold"), List.of(), NO_WAIT))
                .toList();
        delivered(bench, writes);
        assertThat(bench.crm.calls).hasSizeLessThanOrEqualTo(25);
    }

    /** They are looked up, a hundred in a call, and that is all that is added. */
    @Test
    void contactsThatAreKnownByAddressOnlyAreNoDifferent() {
        Bench bench = bench(10_000, 10);
        List<Future<Written>> writes = IntStream.range(0, 10_000)
                .mapToObj(i -> bench.connection.changeTags(email(address(i)), List.of("gold"), List.of(), NO_WAIT))
                .toList();
        delivered(bench, writes);
        assertThat(bench.crm.count("get_contact_ids")).isEqualTo(100);
        assertThat(bench.crm.calls).hasSizeLessThanOrEqualTo(125);
    }

    @Test
    void aVisitorDoesNotWaitForWhatDeliveriesLookUp() {
        Bench bench = bench(10_000, 10);
        bench.crm.delay = () -> 100;
        IntStream.range(1, 10_000)
                .forEach(i -> bench.connection.changeTags(email(address(i)), List.of("gold"), List.of(), NO_WAIT));
        bench.loop.advance(500);
        Future<Cached<ContactTags>> visitor = lookUp(bench, 0);
        bench.loop.advance(200);
        assertThat(visitor.result().value().id()).isEqualTo("c0");
        assertThat(bench.crm.count("get_contact_ids")).isLessThan(50);
    }

    private static void delivered(Bench bench, List<Future<Written>> writes) {
        List<Written> accepted = new ArrayList<>();
        writes.forEach(write -> accepted.add(bench.done(write)));
        assertThat(bench.crm.deliveries).isEmpty();
        bench.loop.advance(5_000);
        assertThat(bench.crm.people.values())
                .allSatisfy(person -> assertThat(person.tags).containsExactly("gold"));
        assertThat(bench.state(accepted.get(9_999).operation())).isEqualTo(ChangeState.DELIVERED);
    }
}
