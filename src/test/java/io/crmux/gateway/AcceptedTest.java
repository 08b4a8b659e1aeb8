package io.crmux.gateway;

import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.store.ChangeState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writes that the CRM has only queued. */
class AcceptedTest {

    private final Bench bench = Bench.plain();

    @BeforeEach
    void aCrmThatQueues() {
        bench.crm.add("42", "jane@example.com", "customer");
        bench.crm.jobMillis = 5_000;
    }

    @Test
    void aQueuedWriteIsDeliveredWhenItsJobIsOver() {
        String operation = bench.apply(id("42"), "vip").operation();
        bench.loop.advance(2_000);
        assertThat(bench.state(operation)).isEqualTo(ChangeState.ACCEPTED);
        assertThat(bench.tags(id("42"))).containsExactly("customer", "vip");
        bench.loop.advance(10_000);
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.crm.person("42").tags).containsExactly("customer", "vip");
    }

    @Test
    void laterWritesOfTheContactWaitForIt() {
        bench.apply(id("42"), "a");
        bench.loop.advance(1_000);
        bench.apply(id("42"), "b");
        bench.loop.advance(2_000);
        assertThat(bench.crm.deliveries).hasSize(1);
        assertThat(bench.tags(id("42"))).containsExactly("customer", "a", "b");
        bench.loop.advance(30_000);
        assertThat(bench.crm.deliveries).hasSize(2);
        assertThat(bench.crm.person("42").tags).containsExactly("customer", "a", "b");
    }

    @Test
    void aPartThatTheJobRefusesIsADeadLetter() {
        String operation = bench.apply(id("42"), "refused").operation();
        bench.loop.advance(60_000);
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DEAD);
        assertThat(bench.tags(id("42"))).containsExactly("customer");
    }

    @Test
    void aRestartGoesOnToWatchAndDoesNotSendAgain() {
        String operation = bench.apply(id("42"), "vip").operation();
        bench.loop.advance(2_000);
        bench.restart();
        assertThat(bench.state(operation)).isEqualTo(ChangeState.ACCEPTED);
        assertThat(bench.tags(id("42"))).containsExactly("customer", "vip");
        bench.loop.advance(30_000);
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.crm.deliveries).hasSize(1);
    }

    @Test
    void whatAForgottenJobWasToDoIsSentAgain() {
        String operation = bench.apply(id("42"), "vip").operation();
        bench.loop.advance(500);
        bench.crm.jobs.clear();
        bench.crm.jobMillis = -1;
        bench.loop.advance(60_000);
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.crm.person("42").tags).contains("vip");
    }

    @Test
    void withoutAJobTheTimeThatTheConnectorSaysIsWaitedFor() {
        bench.crm.jobsArePolled = false;
        String operation = bench.apply(id("42"), "vip").operation();
        bench.loop.advance(4_000);
        assertThat(bench.state(operation)).isEqualTo(ChangeState.ACCEPTED);
        bench.loop.advance(2_000);
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.crm.count("poll")).isZero();
    }

    @Test
    void theIdOfAContactThatWasCreatedBehindAJobIsLookedUp() {
        String operation = bench.done(bench.add("joe@example.com", 0)).operation();
        bench.loop.advance(30_000);
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.done(bench.getTags(email("joe@example.com"))).value().id())
                .isEqualTo("100");
        assertThat(bench.crm.people).hasSize(2);
    }
}
