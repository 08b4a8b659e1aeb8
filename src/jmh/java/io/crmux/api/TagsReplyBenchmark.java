package io.crmux.api;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What an answer costs before Vert.x sends it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TagsReplyBenchmark {

    private final List<String> tags = List.of("customer", "vip", "newsletter", "course-a");

    @Benchmark
    public Buffer body() {
        return TagsReply.body("1000017", tags);
    }

    @Benchmark
    public String etag() {
        return TagsReply.etag("1000017", tags);
    }
}
