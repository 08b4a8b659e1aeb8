package io.crmux.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What cached contacts take of the heap: a million of them, with ten tags each. */
class CachedHeapTest {

    private static final int MOST_BYTES_BY_ID = 200;
    private static final int MOST_BYTES_BY_ADDRESS = 320;

    /** The memory allowed is so little that Caffeine keeps its sketch of frequencies, and so much that nothing is evicted. */
    @Test
    void aCachedContactTakesAtMost200BytesAnd320WithItsAddress() throws IOException {
        Map<String, Integer> bytes =
                HeapMeasurement.of(CachedHeap.class, "2g", "1000000", "400000000", "id", "address");
        assertThat(bytes).containsOnlyKeys("by-id", "by-address");
        assertThat(bytes.get("by-id")).isLessThanOrEqualTo(MOST_BYTES_BY_ID);
        assertThat(bytes.get("by-address")).isLessThanOrEqualTo(MOST_BYTES_BY_ADDRESS);
    }
}
