package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Batch;
import io.crmux.crm.Call;
import io.crmux.crm.CrmException;
import io.crmux.crm.JobState;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Outcome;
import io.crmux.crm.Tag;
import io.crmux.crm.Traits;
import io.crmux.store.ChangeState;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Contacts that are delivered with others, and those that are not. */
class InCompanyTest {

    private static final Traits HUNDRED_AT_ONCE = hundredAtOnce(Traits.Address.ID);

    private static Traits hundredAtOnce(Traits.Address address) {
        return new Traits(
                Traits.Canonical.NAME,
                false,
                Traits.Creation.BY_APPLYING,
                Traits.Add.REFUSES,
                address,
                Duration.ZERO,
                100);
    }

    /** Refuses companies with one in it who is to be refused; whoever has another tag than "bulk" goes by himself. */
    private static final class ChoosyCrm extends ModelCrm {

        ChoosyCrm(ManualLoop loop) {
            super(loop, HUNDRED_AT_ONCE);
        }

        @Override
        public List<Batch> together(List<Batch> due) {
            List<Batch> bulk = due.stream()
                    .filter(batch -> !batch.apply().contains(Tag.named("single")))
                    .toList();
            return bulk.size() < 2 ? due.subList(0, 1) : bulk;
        }

        @Override
        public Future<List<Outcome>> deliver(Call call, List<Batch> batches) {
            boolean refused = batches.size() > 1
                    && batches.stream().anyMatch(batch -> batch.apply().contains(Tag.named("poison")));
            if (!refused) {
                return super.deliver(call, batches);
            }
            deliveries.add(batches.size());
            CrmException why = CrmException.of(CrmException.Kind.INVALID, "one of them is poisoned", 400);
            return Future.succeededFuture(batches.stream()
                    .<Outcome>map(batch -> new Outcome.Failed(batch, why))
                    .toList());
        }
    }

    private static Bench bench(int contacts) {
        Bench bench = new Bench(ChoosyCrm::new, 10_000_000);
        bench.crm.addAll(contacts, 1);
        return bench;
    }

    private static String apply(Bench bench, int contact, String tag) {
        return bench.done(bench.connection.changeTags(id(Integer.toString(contact)), List.of(tag), List.of(), NO_WAIT))
                .operation();
    }

    private static List<String> applyToAll(Bench bench, int contacts, String tag) {
        List<Future<Written>> writes = IntStream.rangeClosed(1, contacts)
                .mapToObj(i -> bench.connection.changeTags(id(Integer.toString(i)), List.of(tag), List.of(), NO_WAIT))
                .toList();
        return writes.stream().map(write -> bench.done(write).operation()).toList();
    }

    @Test
    void whatIsRefusedInCompanyIsSentAloneOnce() {
        Bench bench = bench(50);
        List<String> operations = applyToAll(bench, 50, "poison");
        bench.loop.advance(60_000);
        assertThat(operations)
                .allSatisfy(operation -> assertThat(bench.state(operation)).isEqualTo(ChangeState.DELIVERED));
        assertThat(bench.crm.deliveries).filteredOn(size -> size > 1).containsExactly(50);
        assertThat(bench.crm.deliveries).filteredOn(size -> size == 1).hasSize(50);
    }

    @Test
    void whatTheConnectorDeliversOtherwiseIsNotHeldUpByWhatGoesTogether() {
        Bench bench = bench(40);
        applyToAll(bench, 40, "bulk");
        bench.loop.advance(5_000);
        int before = bench.crm.deliveries.size();
        for (int i = 1; i <= 20; i++) {
            apply(bench, i, "single");
        }
        applyToAll(bench, 40, "more");
        bench.loop.advance(10_000);
        assertThat(bench.crm.people.values())
                .allSatisfy(person -> assertThat(person.tags).contains("bulk", "more"));
        assertThat(bench.crm.people.values().stream().filter(person -> person.tags.contains("single")))
                .hasSize(20);
        assertThat(bench.crm.deliveries.subList(before, bench.crm.deliveries.size()))
                .filteredOn(size -> size > 1)
                .containsExactly(20);
        assertThat(bench.crm.deliveries.subList(before, bench.crm.deliveries.size()))
                .filteredOn(size -> size == 1)
                .hasSize(20);
    }

    @Test
    void whoWasDeliveredInCompanyIsSoTheNextTime() {
        Bench bench = bench(40);
        bench.crm.delay = () -> 3_000;
        applyToAll(bench, 40, "first");
        bench.loop.advance(1_000);
        applyToAll(bench, 40, "second");
        bench.loop.advance(600_000);
        assertThat(bench.crm.people.values())
                .allSatisfy(person -> assertThat(person.tags).containsExactly("first", "second"));
        assertThat(bench.crm.deliveries).containsExactly(40, 40);
    }

    @Test
    void aConnectorThatChoosesNobodyOrThrowsGetsThemAll() {
        for (boolean throwing : List.of(true, false)) {
            Bench bench = new Bench(
                    loop -> new ModelCrm(loop, HUNDRED_AT_ONCE) {
                        @Override
                        public List<Batch> together(List<Batch> due) {
                            if (throwing) {
                                throw new IllegalStateException("a mistake of the connector's");
                            }
                            return List.of();
                        }
                    },
                    10_000_000);
            bench.crm.addAll(10, 1);
            applyToAll(bench, 10, "vip");
            bench.loop.advance(5_000);
            assertThat(bench.crm.deliveries).containsExactly(10);
        }
    }

    @Test
    void aDeliveryWaitsForTenLookUpsAtMost() {
        Bench bench = bench(100);
        for (int i = 0; i < 100; i++) {
            bench.connection.changeTags(email("user" + i + "@example.com"), List.of("vip"), List.of(), NO_WAIT);
        }
        bench.crm.delay = () -> 100;
        bench.loop.advance(60_000);
        int firstDelivery = IntStream.range(0, bench.crm.calls.size())
                .filter(i -> bench.crm.calls.get(i).startsWith("apply_tags"))
                .findFirst()
                .orElseThrow();
        assertThat(firstDelivery).isLessThan(5 * 10);
        assertThat(bench.crm.people.values())
                .allSatisfy(person -> assertThat(person.tags).containsExactly("vip"));
    }

    @Test
    void onePartOfAJobThatIsRefusedIsSentAloneAndTheOthersAreDone() {
        Bench bench = bench(3);
        bench.crm.jobMillis = 5_000;
        List<Future<Written>> writes = List.of(
                bench.connection.changeTags(id("1"), List.of("vip"), List.of(), NO_WAIT),
                bench.connection.changeTags(id("2"), List.of("refused"), List.of(), NO_WAIT),
                bench.connection.changeTags(id("3"), List.of("vip"), List.of(), NO_WAIT));
        List<String> operations =
                writes.stream().map(write -> bench.done(write).operation()).toList();
        bench.loop.advance(1_500);
        bench.crm.jobMillis = -1;
        bench.loop.advance(30_000);
        assertThat(bench.crm.deliveries).containsExactly(3, 1);
        assertThat(operations)
                .allSatisfy(operation -> assertThat(bench.state(operation)).isEqualTo(ChangeState.DELIVERED));
        assertThat(bench.crm.person("2").tags).containsExactly("refused");
    }

    /** Also those that come while a job of many is under way, and the process ends. */
    @Test
    void laterChangesOfAContactWaitForTheJobThatItIsIn() {
        Bench bench = bench(3);
        bench.crm.jobMillis = 20_000;
        applyToAll(bench, 3, "first");
        bench.loop.advance(2_000);
        String removal = bench.done(bench.connection.changeTags(id("2"), List.of(), List.of("first"), NO_WAIT))
                .operation();
        bench.loop.advance(5_000);
        bench.restart();
        bench.crm.jobMillis = -1;
        bench.loop.advance(5_000);
        assertThat(bench.crm.deliveries).containsExactly(3);
        assertThat(bench.state(removal)).isEqualTo(ChangeState.QUEUED);
        assertThat(bench.tags(id("1"))).containsExactly("first");
        assertThat(bench.tags(id("2"))).isEmpty();
        bench.loop.advance(60_000);
        assertThat(bench.crm.deliveries).containsExactly(3, 1);
        assertThat(bench.crm.person("1").tags).containsExactly("first");
        assertThat(bench.crm.person("2").tags).isEmpty();
    }

    /** The CRM has taken the job, and the process ends before that is written down: it is sent again, which adds and sets the same. */
    @Test
    void aJobThatNobodyRemembersIsSentAgain() {
        Bench bench = bench(3);
        bench.crm.jobMillis = 1_000;
        bench.crm.delay = () -> 200;
        List<String> operations = applyToAll(bench, 3, "vip");
        while (bench.crm.jobs.isEmpty()) {
            bench.loop.advance(10);
        }
        bench.restart();
        bench.loop.advance(60_000);
        assertThat(bench.crm.jobs).hasSizeGreaterThan(1);
        assertThat(operations)
                .allSatisfy(operation -> assertThat(bench.state(operation)).isEqualTo(ChangeState.DELIVERED));
        assertThat(bench.crm.people.values())
                .allSatisfy(person -> assertThat(person.tags).containsExactly("vip"));
    }

    /** Queues what goes in company, does it after five seconds, but for contact 2, and tells who has the tag. */
    private static final class SilentCrm extends ModelCrm {

        private final ManualLoop loop;

        SilentCrm(ManualLoop loop, Traits traits) {
            super(loop, traits);
            this.loop = loop;
        }

        @Override
        public Future<List<Outcome>> deliver(Call call, List<Batch> batches) {
            if (batches.size() == 1) {
                return super.deliver(call, batches);
            }
            deliveries.add(batches.size());
            loop.after(
                    5_000,
                    () -> batches.stream()
                            .map(batch -> batch.contact().id())
                            .filter(id -> id != null && !id.equals("2"))
                            .forEach(id -> person(id).tags.add("vip")));
            return Future.succeededFuture(batches.stream()
                    .<Outcome>map(batch -> new Outcome.Accepted(batch, "tagged vip", Duration.ofSeconds(60)))
                    .toList());
        }

        @Override
        public Future<JobState> poll(Call call, String job) {
            return Future.succeededFuture(new JobState.Reached(people.entrySet().stream()
                    .filter(person -> person.getValue().tags.contains("vip"))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toUnmodifiableSet())));
        }
    }

    @Test
    void whoIsReadToHaveItIsDoneAndWhoIsNotIsSentAloneWhenTheTimeIsUp() {
        Bench bench = new Bench(loop -> new SilentCrm(loop, HUNDRED_AT_ONCE), 10_000_000);
        bench.crm.addAll(4, 1);
        List<String> operations = applyToAll(bench, 4, "vip");
        bench.loop.advance(3_000);
        assertThat(operations)
                .allSatisfy(operation -> assertThat(bench.state(operation)).isEqualTo(ChangeState.ACCEPTED));
        bench.loop.advance(20_000);
        bench.restart();
        assertThat(operations)
                .extracting(bench::state)
                .containsExactly(
                        ChangeState.DELIVERED, ChangeState.ACCEPTED, ChangeState.DELIVERED, ChangeState.DELIVERED);
        bench.loop.advance(120_000);
        assertThat(bench.state(operations.get(1))).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.crm.person("2").tags).containsExactly("vip");
        assertThat(bench.crm.deliveries).containsExactly(4, 1);
    }

    /** Nothing that names ids tells of it: its time passes, and it holds nobody up. */
    @Test
    void aJobIsWatchedOnThoughOneInItHasNoId() {
        Bench bench = new Bench(loop -> new SilentCrm(loop, hundredAtOnce(Traits.Address.EITHER)), 10_000_000);
        bench.crm.addAll(3, 1);
        List<Future<Written>> writes = List.of(
                bench.connection.changeTags(email("user0@example.com"), List.of("vip"), List.of(), NO_WAIT),
                bench.connection.changeTags(id("3"), List.of("vip"), List.of(), NO_WAIT));
        List<String> operations =
                writes.stream().map(write -> bench.done(write).operation()).toList();
        bench.loop.advance(20_000);
        assertThat(operations).extracting(bench::state).containsExactly(ChangeState.ACCEPTED, ChangeState.DELIVERED);
        bench.loop.advance(120_000);
        assertThat(bench.state(operations.get(0))).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.crm.person("1").tags).containsExactly("vip");
        assertThat(bench.crm.deliveries).containsExactly(2, 1);
    }
}
