package io.crmux.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What cached contacts take of the heap: a million of them, with ten tags each. */
class CachedHeapProof {

    private static final int MOST_BYTES_BY_ID = 200;
    private static final int MOST_BYTES_BY_ADDRESS = 320;

    /** The memory allowed is so little that Caffeine keeps its sketch of frequencies, and so much that nothing is evicted. */
    @Test
    void aCachedContactTakesAtMost200BytesAnd320WithItsAddress() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process measuring = new ProcessBuilder(
                        java,
                        "-XX:+UseSerialGC",
                        "-Xmx2g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CachedHeap.class.getName(),
                        "1000000",
                        "400000000",
                        "id",
                        "address")
                .redirectErrorStream(true)
                .start();
        String said = new String(measuring.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.println(said);
        Map<String, Integer> bytes = said.lines()
                .filter(line -> line.startsWith("by-"))
                .map(line -> line.split(" ", -1))
                .collect(Collectors.toMap(words -> words[0], words -> Integer.parseInt(words[1])));
        assertThat(bytes).as(said).containsOnlyKeys("by-id", "by-address");
        assertThat(bytes.get("by-id")).isLessThanOrEqualTo(MOST_BYTES_BY_ID);
        assertThat(bytes.get("by-address")).isLessThanOrEqualTo(MOST_BYTES_BY_ADDRESS);
    }
}
