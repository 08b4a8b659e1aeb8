package io.crmux.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LearnedRateTest {

    private static final long MILLI = 1_000_000;
    private static final Offset<Double> ALMOST = within(1e-9);

    private final LearnedRate rate = new LearnedRate();

    @Test
    void aRefusalTakesAQuarterAndTenSecondsGiveItBackInEqualSteps() {
        assertThat(rate.share(0)).isEqualTo(1);
        rate.refused(0);
        assertThat(rate.share(0)).isEqualTo(0.75, ALMOST);
        assertThat(rate.share(4_000 * MILLI)).isEqualTo(0.85, ALMOST);
        assertThat(rate.share(10_000 * MILLI)).isEqualTo(1);
    }

    @Test
    void itFallsOnceASecondAtMost() {
        rate.refused(0);
        rate.refused(10 * MILLI);
        rate.refused(900 * MILLI);
        assertThat(rate.share(900 * MILLI)).isGreaterThan(0.75);
        rate.refused(1_000 * MILLI);
        assertThat(rate.share(1_000 * MILLI)).isBetween(0.75 * 0.75, 0.75 * 0.8);
    }

    @Test
    void theLastRefusalCounts() {
        rate.refused(0);
        rate.refused(500 * MILLI);
        assertThat(rate.share(10_000 * MILLI)).isLessThan(1);
        assertThat(rate.share(10_500 * MILLI)).isEqualTo(1);
    }
}
