package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.TRACE;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.crm.CrmException;
import io.crmux.crm.Traits;
import io.crmux.store.ChangeState;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of tags that are unknown, and of the list that makes them known. */
class TagsTest {

    private static Bench bench(Traits.Creation creation) {
        Bench bench = new Bench(Bench.traits(Duration.ZERO, creation, Traits.Add.REFUSES), 1);
        bench.crm.add("42", "jane@example.com", "customer");
        bench.crm.add("43", "joan@example.com", "vip");
        return bench;
    }

    @Test
    void anUnknownTagThatCannotBeCreatedIsRefusedWithTheNearest() {
        Bench bench = bench(Traits.Creation.NONE);
        assertThatThrownBy(() -> bench.apply(id("42"), "costumer")).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TAG_UNKNOWN);
            assertThat(refusal.detail()).contains("costumer").contains("customer");
        });
        assertThat(bench.store.all()).isEmpty();
    }

    @Test
    void beforeARefusalAnOldListIsLoadedAnewAndARecentOneIsNot() {
        Bench bench = bench(Traits.Creation.NONE);
        bench.apply(id("42"), "vip");
        bench.crm.tags.add("brand-new");
        assertThatThrownBy(() -> bench.apply(id("42"), "brand-new")).isInstanceOf(Refusal.class);
        assertThat(bench.crm.count("sync_tags")).isEqualTo(1);
        bench.loop.advance(11_000);
        bench.apply(id("42"), "brand-new");
        assertThat(bench.crm.count("sync_tags")).isEqualTo(2);
    }

    @Test
    void withNoListToBeHadTheWriteIsAcceptedAndJudgedAtDelivery() {
        Bench bench = bench(Traits.Creation.NONE);
        bench.crm.failures = () -> CrmException.unavailable("down", 500);
        Written good = bench.apply(id("42"), "vip");
        Written bad = bench.apply(id("43"), "nonsense");
        bench.crm.failures = () -> null;
        bench.loop.advance(100_000);
        assertThat(bench.done(bench.connection.operation(good.operation())).state())
                .isEqualTo(ChangeState.DELIVERED);
        Fate dead = bench.done(bench.connection.operation(bad.operation()));
        assertThat(dead.state()).isEqualTo(ChangeState.DEAD);
        assertThat(String.valueOf(dead.problem())).contains("tag-unknown");
    }

    @Test
    void anUnknownTagIsCreatedOnceHoweverManyWantIt() {
        Bench bench = bench(Traits.Creation.BY_CALL);
        bench.crm.delay = () -> 50;
        List<Future<Written>> writes = IntStream.range(0, 2)
                .mapToObj(i -> bench.connection.changeTags(id("4" + (2 + i)), List.of("new"), List.of(), NO_WAIT))
                .toList();
        bench.done(Future.all(writes));
        bench.loop.advance(10_000);
        assertThat(bench.crm.count("add_tag")).isEqualTo(1);
        assertThat(bench.crm.person("42").tags).contains("new");
        assertThat(bench.crm.person("43").tags).contains("new");
    }

    @Test
    void aTagThatSomebodyElseHasCreatedMeanwhileIsFound() {
        Bench bench = bench(Traits.Creation.BY_CALL);
        bench.done(bench.connection.syncTags(Freshness.ANY, TRACE));
        bench.crm.tags.add("raced");
        assertThat(bench.done(bench.connection.addTag("raced", Bench.NO_WAIT)).name())
                .isEqualTo("raced");
    }

    @Test
    void whatADeliveredApplyHasCreatedJoinsTheList() {
        Bench bench = bench(Traits.Creation.BY_APPLYING);
        bench.done(bench.connection.syncTags(Freshness.ANY, TRACE));
        bench.apply(id("42"), "new");
        bench.loop.advance(1_000);
        assertThat(bench.done(bench.connection.syncTags(Freshness.ANY, TRACE)).value())
                .extracting(TagEntry::value)
                .contains("new");
        assertThat(bench.crm.count("sync_tags")).isEqualTo(1);
    }

    @Test
    void afterARestartTheListIsKnownWithoutACall() {
        Bench bench = bench(Traits.Creation.NONE);
        bench.apply(id("42"), "vip");
        bench.loop.advance(1_000);
        bench.restart();
        bench.apply(id("43"), "customer");
        assertThat(bench.crm.count("sync_tags")).isEqualTo(1);
    }

    @Test
    void removingATagThatDoesNotExistYetIsNothingToDo() {
        Bench bench = bench(Traits.Creation.BY_CALL);
        Written written = bench.remove(id("42"), "never-was");
        bench.loop.advance(1_000);
        assertThat(bench.done(bench.connection.operation(written.operation())).state())
                .isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.crm.count("add_tag")).isZero();
    }
}
