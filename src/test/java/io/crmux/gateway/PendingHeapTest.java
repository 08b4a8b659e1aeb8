package io.crmux.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What pending changes take of the heap: an outage must not end in an OutOfMemoryError. */
class PendingHeapTest {

    private static final int MOST_BYTES = 300;

    /** The serial collector leaves nothing behind, so that what is measured is the same each time. */
    @Test
    void aPendingChangeTakesAtMost300Bytes() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process measuring = new ProcessBuilder(
                        java,
                        "-XX:+UseSerialGC",
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PendingHeap.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(measuring.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.println(said);
        List<String> lines =
                said.lines().filter(line -> line.contains("per-contact")).toList();
        assertThat(lines).as(said).hasSize(3);
        assertThat(lines)
                .allSatisfy(line -> assertThat(Integer.parseInt(line.substring(line.indexOf(' ') + 1)))
                        .as(line)
                        .isLessThanOrEqualTo(MOST_BYTES));
    }
}
