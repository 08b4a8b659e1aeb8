package io.crmux.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Limit;
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

    /** Sends as fast as the pacer lets it, after random idle times. */
    private static List<Long> sends(Pacer pacer, int count, int idlePercent, Random random) {
        List<Long> times = new ArrayList<>();
        long now = 0;
        while (times.size() < count) {
            if (random.nextInt(100) < idlePercent) {
                now += random.nextInt(3_000) * MILLI;
            }
            now += pacer.waitNanos(Limit.ORDINARY, now);
            pacer.begin(Limit.ORDINARY, now);
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
        pacer.hold(500);
        assertThat(pacer.waitNanos(Limit.ORDINARY, 100)).isEqualTo(400);
        assertThat(pacer.waitNanos(Limit.ORDINARY, 500)).isZero();
    }

    @Test
    void onlySoManyAreUnderWay() {
        Pacer pacer = new Pacer(List.of(), 2);
        pacer.begin(Limit.ORDINARY, 0);
        assertThat(pacer.hasPlace()).isTrue();
        pacer.begin(Limit.ORDINARY, 0);
        assertThat(pacer.hasPlace()).isFalse();
        pacer.end();
        assertThat(pacer.hasPlace()).isTrue();
    }

    @Test
    void otherBucketsAreNotHeldUp() {
        Pacer pacer = new Pacer(List.of(new Limit(1, Duration.ofSeconds(1), "import")), 2);
        pacer.begin("import", 0);
        assertThat(pacer.waitNanos("import", 1)).isPositive();
        assertThat(pacer.waitNanos(Limit.ORDINARY, 1)).isZero();
    }
}
