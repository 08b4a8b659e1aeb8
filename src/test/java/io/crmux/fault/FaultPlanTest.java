package io.crmux.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

    private static final int EXCHANGES = 20_000;

    private static FaultPlan plan(long seed) {
        return FaultPlan.seeded(seed)
                .with(30, new Fault.Reset(0))
                .with(10, "Truncate[0 to 99]", random -> new Fault.Truncate(random.nextInt(100)));
    }

    private static List<Fault> faults(FaultPlan plan) {
        return LongStream.range(0, EXCHANGES).mapToObj(plan::fault).toList();
    }

    @Test
    void theSameSeedMakesTheSameFaults() {
        assertThat(faults(plan(7))).isEqualTo(faults(plan(7))).isNotEqualTo(faults(plan(8)));
    }

    @Test
    void sharesAreKept() {
        List<Fault> faults = faults(plan(1));
        assertThat(faults.stream().filter(Fault.Reset.class::isInstance).count() * 100.0 / EXCHANGES)
                .isBetween(28.0, 32.0);
        assertThat(faults.stream().filter(Fault.Truncate.class::isInstance).count() * 100.0 / EXCHANGES)
                .isBetween(9.0, 11.0);
        assertThat(faults).contains(new Fault.Truncate(0), new Fault.Truncate(99), new Fault.None());
    }

    @Test
    void itTellsWhatIsNeededToReplayIt() {
        assertThat(plan(42)).hasToString("seed 42, 30 % Reset[afterBytes=0], 10 % Truncate[0 to 99]");
    }

    @Test
    void noMoreThanAllExchangesHaveFaults() {
        FaultPlan plan = plan(1);
        assertThatThrownBy(() -> plan.with(61, new Fault.Drop())).hasMessageContaining("100 %");
    }
}
