package io.crmux.upstream;

import io.crmux.crm.Limit;
import io.crmux.crm.Quantities;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What it costs to decide whether a call may leave. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PacerBenchmark {

    private static final long MILLI = 1_000_000;

    private final Pacer pacer =
            new Pacer(List.of(Quantities.rate("100/s"), Quantities.rate("10000/day")), 1_000_000);
    private long now;

    /** Ten milliseconds pass, and a call leaves if it may. */
    @Benchmark
    public long decide() {
        now += 10 * MILLI;
        long wait = pacer.waitNanos(Limit.ORDINARY, 1, true, now);
        if (wait == 0) {
            pacer.begin(Limit.ORDINARY, 1, now);
            pacer.end();
        }
        return wait;
    }
}
