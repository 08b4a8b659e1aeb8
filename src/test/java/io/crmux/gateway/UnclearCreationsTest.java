package io.crmux.gateway;

import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.CrmException;
import io.crmux.crm.Traits;
import io.crmux.store.ChangeState;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A creation whose answer was lost may have been done: nobody may become two contacts by it. */
class UnclearCreationsTest {

    private static final CrmException NO_ANSWER =
            CrmException.unanswered(CrmException.Kind.TIMEOUT, "no answer in time", true);
    private static final Duration SETTLING = Duration.ofSeconds(20);

    private static Bench bench(Traits.Add add) {
        Bench bench = new Bench(Bench.traits(SETTLING, Traits.Creation.BY_APPLYING, add), 1);
        bench.crm.lag = SETTLING.toMillis();
        return bench;
    }

    @ParameterizedTest
    @EnumSource(value = Traits.Add.class, mode = Mode.EXCLUDE, names = "UPSERTS")
    void aCreationWhoseAnswerWasLostIsLookedUpWhenTheCrmCanShowIt(Traits.Add add) {
        Bench bench = bench(add);
        boolean[] lost = {true};
        bench.crm.losses = () -> lost[0] ? NO_ANSWER : null;
        String operation = bench.done(bench.add("joe@example.com", 0, "vip")).operation();
        bench.loop.advance(1_000);
        lost[0] = false;
        bench.loop.advance(120_000);
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.crm.people).hasSize(1);
        assertThat(bench.crm.count("add_contact")).isEqualTo(1);
        assertThat(bench.crm.person("100").tags).containsExactly("vip");
    }

    @ParameterizedTest
    @EnumSource(value = Traits.Add.class, mode = Mode.EXCLUDE, names = "UPSERTS")
    void theEndOfAnOutageDoesNotHurryIt(Traits.Add add) {
        Bench bench = bench(add);
        boolean[] lost = {true};
        bench.crm.losses = () -> lost[0] ? NO_ANSWER : null;
        bench.done(bench.add("joe@example.com", 0));
        bench.loop.advance(300);
        lost[0] = false;
        bench.crm.failures = () -> CrmException.unavailable("down", 500);
        for (int i = 0; i < 5; i++) {
            bench.crm.add("4" + i, "u" + i + "@example.com");
            bench.apply(id("4" + i), "vip");
        }
        bench.loop.advance(1_000);
        bench.crm.failures = () -> null;
        bench.loop.advance(120_000);
        assertThat(bench.crm.count("add_contact")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(value = Traits.Add.class, mode = Mode.EXCLUDE, names = "UPSERTS")
    void aCreationThatMayHaveBeenUnderWayAtARestartIsLookedUp(Traits.Add add) {
        Bench bench = bench(add);
        bench.crm.delay = () -> 50;
        String operation = bench.done(bench.add("joe@example.com", 0, "vip")).operation();
        for (int i = 0; i < 100_000 && bench.crm.people.isEmpty(); i++) {
            bench.loop.advance(1);
        }
        bench.restart();
        bench.loop.advance(120_000);
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.crm.people).hasSize(1);
        assertThat(bench.tags(email("joe@example.com"))).containsExactly("vip");
    }
}
