package io.crmux.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Allowance;
import io.crmux.crm.Limit;
import io.crmux.crm.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PacerTest {

    private static final long MILLI = 1_000_000;

    /** A call leaves as soon as it begins. */
    private static List<SlidingLog.Mark> leaves(Pacer pacer, String bucket, int cost, long now) {
        List<SlidingLog.Mark> marks = pacer.begin(bucket, cost, now);
        marks.forEach(mark -> mark.leaves(now));
        return marks;
    }

    /** Sends as fast as the pacer lets it, after random idle times. */
    private static List<Long> sends(Pacer pacer, int count, int idlePercent, Random random) {
        List<Long> times = new ArrayList<>();
        long now = 0;
        while (times.size() < count) {
            if (random.nextInt(100) < idlePercent) {
                now += random.nextInt(3_000) * MILLI;
            }
            now += pacer.waitNanos(Limit.ORDINARY, 1, false, now);
            leaves(pacer, Limit.ORDINARY, 1, now);
            pacer.end();
            times.add(now);
        }
        return times;
    }

    @Property(tries = 300)
    void noWindowHoldsMoreThanTheLimitHoweverTheWayVaries(
            @ForAll @IntRange(min = 1, max = 20) int calls,
            @ForAll @IntRange(min = 0, max = 30) int idlePercent,
            @ForAll long seed) {
        Random random = new Random(seed);
        Pacer pacer = new Pacer(List.of(Limit.of(calls, Duration.ofSeconds(1))), 100);
        List<Long> arrivals = sends(pacer, 200, idlePercent, random).stream()
                .map(sent -> sent + 50 * MILLI + random.nextLong(25 * MILLI))
                .sorted()
                .toList();
        for (int i = calls; i < arrivals.size(); i++) {
            assertThat(arrivals.get(i) - arrivals.get(i - calls)).isGreaterThanOrEqualTo(1_000 * MILLI);
        }
    }

    /** A call goes every slot of the window, and those at the end leave later than they began, while nobody asks. */
    @Test
    void callsThatLeaveLateAreForgottenAWindowAfterThat() {
        SlidingLog log = new SlidingLog(Limit.of(600, Duration.ofMinutes(1)));
        long slot = 120 * MILLI;
        long now = 0;
        for (int i = 0; i < 550; i++) {
            now += slot;
            log.note(1, now);
        }
        List<SlidingLog.Mark> late = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            late.add(log.begin(1, now));
        }
        for (SlidingLog.Mark mark : late) {
            now += slot;
            mark.leaves(now);
        }
        assertThat(log.used(now)).isBetween(500, 503);
        assertThat(log.used(now + 61_000 * MILLI)).isZero();
    }

    @Property(tries = 100)
    void everyLimitHoldsInEveryWindowWhateverCallsCostAndWhoeverWaits(
            @ForAll @IntRange(min = 3, max = 20) int aSecond,
            @ForAll @IntRange(min = 20, max = 100) int inTen,
            @ForAll @IntRange(min = 0, max = 30) int idlePercent,
            @ForAll long seed) {
        Random random = new Random(seed);
        List<Limit> limits = List.of(
                Limit.of(aSecond, Duration.ofSeconds(1)),
                new Limit(inTen, Duration.ofSeconds(10), Limit.EVERY),
                new Limit(4, Duration.ofSeconds(2), "import"));
        Pacer pacer = new Pacer(limits, 100);
        record Left(long time, String bucket, int cost) {}
        List<Left> all = new ArrayList<>();
        long now = 0;
        for (int i = 0; i < 400; i++) {
            now += random.nextInt(100) < idlePercent ? random.nextInt(3_000) * MILLI : 0;
            String bucket = random.nextInt(5) == 0 ? "import" : Limit.ORDINARY;
            int cost = 1 + random.nextInt(3);
            boolean evenly = random.nextBoolean();
            for (long wait = pacer.waitNanos(bucket, cost, evenly, now); wait > 0; ) {
                now += wait;
                wait = pacer.waitNanos(bucket, cost, evenly, now);
            }
            leaves(pacer, bucket, cost, now);
            pacer.end();
            all.add(new Left(now, bucket, cost));
        }
        for (Limit limit : limits) {
            long window = limit.window().toNanos();
            for (Left last : all) {
                assertThat(all.stream()
                                .filter(call -> call.time() <= last.time() && call.time() > last.time() - window)
                                .filter(call -> limit.bucket().equals(Limit.EVERY)
                                        || limit.bucket().equals(call.bucket()))
                                .mapToInt(Left::cost)
                                .sum())
                        .isLessThanOrEqualTo(limit.calls());
            }
        }
    }

    @Test
    void aDaysMillionCallsLeaveWhenTheFirstOfThemAreADayOld() {
        Pacer pacer = new Pacer(List.of(Limit.of(1_000_000, Duration.ofDays(1))), 100);
        long day = Duration.ofDays(1).toNanos();
        for (int i = 0; i < 1_000_000; i++) {
            assertThat(pacer.waitNanos(Limit.ORDINARY, 1, false, i * MILLI)).isZero();
            leaves(pacer, Limit.ORDINARY, 1, i * MILLI);
        }
        long wait = pacer.waitNanos(Limit.ORDINARY, 1, false, 1_000_000 * MILLI);
        assertThat(wait).isBetween(day - 1_000_000 * MILLI, day - 1_000_000 * MILLI + day / 500);
    }

    @Test
    void whatAnAnswerTellsOfAnUnknownLimitIsKeptFromThenOn() {
        Pacer pacer = new Pacer(List.of(), 100);
        List<SlidingLog.Mark> marks = leaves(pacer, Limit.ORDINARY, 1, 0);
        pacer.told(marks, new Allowance(Limit.ORDINARY, 2, Duration.ofSeconds(1), 1, null), 0);
        leaves(pacer, Limit.ORDINARY, 1, 0);
        leaves(pacer, Limit.ORDINARY, 1, 0);
        assertThat(pacer.waitNanos(Limit.ORDINARY, 1, false, 0)).isPositive();
    }

    @Test
    void aToldLimitLowersWhatWasPublishedAndNeverRaisesIt() {
        Pacer pacer = new Pacer(List.of(Limit.of(5, Duration.ofSeconds(1))), 100);
        List<SlidingLog.Mark> marks = leaves(pacer, Limit.ORDINARY, 1, 0);
        pacer.told(marks, new Allowance(Limit.ORDINARY, 2, null, 1, null), 0);
        leaves(pacer, Limit.ORDINARY, 1, 0);
        assertThat(pacer.waitNanos(Limit.ORDINARY, 1, false, 0)).isPositive();
        pacer.told(marks, new Allowance(Limit.ORDINARY, 50, null, 49, null), 0);
        for (int i = 0; i < 3; i++) {
            assertThat(pacer.waitNanos(Limit.ORDINARY, 1, false, 0)).isZero();
            leaves(pacer, Limit.ORDINARY, 1, 0);
        }
        assertThat(pacer.waitNanos(Limit.ORDINARY, 1, false, 0)).isPositive();
    }

    @Test
    void whatOthersUseCountsUntilItIsThereAgain() {
        Pacer pacer = new Pacer(List.of(Limit.of(5, Duration.ofSeconds(1))), 100);
        List<SlidingLog.Mark> marks = leaves(pacer, Limit.ORDINARY, 1, 0);
        pacer.told(marks, new Allowance(Limit.ORDINARY, 5, null, 0, 400L), 0);
        assertThat(pacer.waitNanos(Limit.ORDINARY, 1, false, 0)).isEqualTo(400 * MILLI);
        assertThat(pacer.waitNanos(Limit.ORDINARY, 1, false, 400 * MILLI)).isZero();
    }

    @Test
    void aLimitThatIsKnownFromAnswersAloneIsWhatTheyToldLast() {
        Pacer pacer = new Pacer(List.of(), 100);
        List<SlidingLog.Mark> before = leaves(pacer, Limit.ORDINARY, 1, 0);
        pacer.told(before, new Allowance(Limit.ORDINARY, 2, Duration.ofHours(1), 1, null), 0);
        List<SlidingLog.Mark> marks = leaves(pacer, Limit.ORDINARY, 1, 0);
        pacer.told(marks, new Allowance(Limit.ORDINARY, 50, Duration.ofHours(1), 49, null), 0);
        pacer.told(before, new Allowance(Limit.ORDINARY, 2, Duration.ofHours(1), 1, null), 0);
        for (int i = 0; i < 49; i++) {
            assertThat(pacer.waitNanos(Limit.ORDINARY, 1, false, 0)).isZero();
            leaves(pacer, Limit.ORDINARY, 1, 0);
        }
        assertThat(pacer.waitNanos(Limit.ORDINARY, 1, false, 0)).isPositive();
        assertThat(pacer.left(0)).extracting(Standing.Left::limit).containsExactly(Limit.of(50, Duration.ofHours(1)));
    }

    @Test
    void noResetIsLaterThanTheWindowsEnd() {
        Pacer pacer = new Pacer(List.of(Limit.of(5, Duration.ofSeconds(1))), 100);
        for (int i = 0; i < 2; i++) {
            List<SlidingLog.Mark> marks = leaves(pacer, Limit.ORDINARY, 1, 0);
            pacer.told(marks, new Allowance(Limit.ORDINARY, 5, null, 1, 86_400_000L), 0);
        }
        assertThat(pacer.waitNanos(Limit.ORDINARY, 4, false, 0))
                .isLessThan(2 * Duration.ofSeconds(1).toNanos());
    }

    @Test
    void wherePathsHaveALimitOfTheirOwnARefusalThereHoldsThemAlone() {
        Pacer pacer = new Pacer(List.of(new Limit(1, Duration.ofSeconds(1), "import")), 2);
        pacer.hold("import", 500);
        assertThat(pacer.waitNanos("import", 1, false, 100)).isEqualTo(400);
        assertThat(pacer.waitNanos(Limit.ORDINARY, 1, false, 100)).isZero();
        pacer.hold(Limit.ORDINARY, 700);
        assertThat(pacer.waitNanos("import", 1, false, 100)).isEqualTo(600);
    }

    @Property(tries = 50)
    void ofEveryLimitAtLeast95PercentAreUsed(@ForAll @IntRange(min = 1, max = 50) int calls) {
        Pacer pacer = new Pacer(List.of(Limit.of(calls, Duration.ofSeconds(1))), 100);
        List<Long> times = sends(pacer, calls * 100, 0, new Random(1));
        double seconds = times.get(times.size() - 1) / 1e9;
        assertThat(times.size() / seconds).isGreaterThan(0.95 * calls);
    }

    @Test
    void severalLimitsHoldAtOnce() {
        Pacer pacer = new Pacer(List.of(Limit.of(5, Duration.ofSeconds(1)), Limit.of(8, Duration.ofSeconds(10))), 100);
        List<Long> times = sends(pacer, 16, 0, new Random(1));
        assertThat(times.get(7)).isLessThan(2_000 * MILLI);
        assertThat(times.get(8)).isGreaterThan(10_000 * MILLI);
    }

    @Test
    void whileTheCrmWantsToBeLeftAloneNothingLeaves() {
        Pacer pacer = new Pacer(List.of(), 2);
        pacer.hold(Limit.ORDINARY, 500);
        assertThat(pacer.waitNanos(Limit.ORDINARY, 1, false, 100)).isEqualTo(400);
        assertThat(pacer.waitNanos(Limit.ORDINARY, 1, false, 500)).isZero();
    }

    @Test
    void onlySoManyAreUnderWay() {
        Pacer pacer = new Pacer(List.of(), 2);
        leaves(pacer, Limit.ORDINARY, 1, 0);
        assertThat(pacer.hasPlace()).isTrue();
        leaves(pacer, Limit.ORDINARY, 1, 0);
        assertThat(pacer.hasPlace()).isFalse();
        pacer.end();
        assertThat(pacer.hasPlace()).isTrue();
    }

    @Test
    void otherBucketsAreNotHeldUp() {
        Pacer pacer = new Pacer(List.of(new Limit(1, Duration.ofSeconds(1), "import")), 2);
        leaves(pacer, "import", 1, 0);
        assertThat(pacer.waitNanos("import", 1, false, 1)).isPositive();
        assertThat(pacer.waitNanos(Limit.ORDINARY, 1, false, 1)).isZero();
    }

    @Test
    void whatIsLeftAfterARefusalIsWhatIsLearned() {
        Pacer pacer = new Pacer(List.of(Limit.of(100, Duration.ofSeconds(10))), 100);
        pacer.refused(Limit.ORDINARY, 1, 0);
        assertThat(pacer.left(0)).extracting(Standing.Left::remaining).containsExactly(75);
        assertThat(pacer.left(20_000 * MILLI))
                .extracting(Standing.Left::remaining)
                .containsExactly(100);
    }
}
