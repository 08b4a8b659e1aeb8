package io.crmux.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What pending changes take of the heap: an outage must not end in an OutOfMemoryError. */
class PendingHeapTest {

    private static final int MOST_BYTES = 300;

    @Test
    void aPendingChangeTakesAtMost300Bytes() throws IOException {
        Map<String, Integer> bytes = HeapMeasurement.of(PendingHeap.class, "1g");
        assertThat(bytes)
                .containsOnlyKeys("one-per-contact-by-id", "one-per-contact-by-address", "hundred-per-contact-by-id");
        assertThat(bytes).allSatisfy((name, each) -> assertThat(each).as(name).isLessThanOrEqualTo(MOST_BYTES));
    }
}
