package io.crmux.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RetryRuleTest {

    private static final long KEEP = 1_000_000;

    private static RetryRule.Decision decide(
            CrmException failure, int inARow, long age, boolean findable, int changes) {
        return RetryRule.decide(
                failure, new RetryRule.Past(inARow, age, findable, false, changes), KEEP, 5_000, new Random(1));
    }

    private static CrmException failure(Kind kind) {
        return CrmException.of(kind, "words", 418);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAVAILABLE", "RATE_LIMITED", "TIMEOUT", "UNAUTHORIZED"})
    void whatFailsForNowIsTriedAgainUntilItIsTooOld(Kind kind) {
        assertThat(decide(failure(kind), 1000, KEEP, true, 5)).isInstanceOf(RetryRule.Again.class);
        assertThat(decide(failure(kind), 0, KEEP + 1, true, 5))
                .isInstanceOfSatisfying(
                        RetryRule.GiveUp.class, up -> assertThat(up.type()).isEqualTo("expired"));
    }

    @ParameterizedTest
    @CsvSource({"INVALID, invalid", "DUPLICATE, duplicate", "UNSUPPORTED, unsupported"})
    void whatIsRefusedIsTakenApartAndThenGivenUp(Kind kind, String type) {
        assertThat(decide(failure(kind), 0, 0, true, 2)).isInstanceOf(RetryRule.OneByOne.class);
        assertThat(decide(failure(kind), 0, 0, true, 1)).isInstanceOfSatisfying(RetryRule.GiveUp.class, up -> {
            assertThat(up.type()).isEqualTo(type);
            assertThat(up.why()).isEqualTo("words");
        });
    }

    @Test
    void aContactThatIsNotFoundMayStillAppear() {
        assertThat(decide(failure(Kind.NOT_FOUND), 0, 64_000, true, 1)).isInstanceOf(RetryRule.Again.class);
        assertThat(decide(failure(Kind.NOT_FOUND), 0, 66_000, true, 1)).isInstanceOf(RetryRule.GiveUp.class);
        assertThat(decide(failure(Kind.NOT_FOUND), 0, 0, false, 1)).isInstanceOf(RetryRule.GiveUp.class);
    }

    @Test
    void aContactThatHadAnIdIsLookedForHoweverOldTheChangeIs() {
        RetryRule.Past lost = new RetryRule.Past(0, 66_000, true, true, 1);
        RetryRule.Past lostForGood = new RetryRule.Past(0, 0, false, true, 1);
        assertThat(RetryRule.decide(failure(Kind.NOT_FOUND), lost, KEEP, 5_000, new Random(1)))
                .isInstanceOf(RetryRule.Again.class);
        assertThat(RetryRule.decide(failure(Kind.NOT_FOUND), lostForGood, KEEP, 5_000, new Random(1)))
                .isInstanceOf(RetryRule.GiveUp.class);
    }

    @Test
    void rejectedCredentialsAreProbedOnceAMinute() {
        assertThat(decide(failure(Kind.UNAUTHORIZED), 7, 0, true, 1))
                .isInstanceOfSatisfying(
                        RetryRule.Again.class,
                        again -> assertThat(again.millis()).isEqualTo(60_000));
    }

    @Property
    void theBackoffDoublesUpToFiveMinutesWithFullJitter(
            @ForAll @IntRange(min = 0, max = 200) int inARow, @ForAll long seed) {
        RetryRule.Decision decision = RetryRule.decide(
                failure(Kind.UNAVAILABLE), new RetryRule.Past(inARow, 0, true, false, 1), KEEP, 0, new Random(seed));
        long most = Math.min(300_000, 1_000L << Math.min(20, inARow));
        assertThat(((RetryRule.Again) decision).millis()).isBetween(1L, most);
    }

    @Test
    void aWaitThatTheCrmNamesIsKept() {
        RetryRule.Decision decision = decide(failure(Kind.RATE_LIMITED).waiting(77_000L), 0, 0, true, 1);
        assertThat(((RetryRule.Again) decision).millis()).isGreaterThanOrEqualTo(77_000);
    }
}
