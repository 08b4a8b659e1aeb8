package io.crmux.crm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private final Backoff backoff = new Backoff(1_000, 60_000);

    @Test
    void doublesUpToTheLongest() {
        assertThat(IntStream.range(0, 8).mapToLong(backoff::millis))
                .containsExactly(1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 60_000L, 60_000L);
    }

    @Test
    void staysTheLongestHoweverOftenItFails() {
        assertThat(backoff.millis(63)).isEqualTo(60_000);
        assertThat(backoff.millis(Integer.MAX_VALUE)).isEqualTo(60_000);
    }

    @Test
    void drawsAnythingUpToTheWait() {
        Random random = new Random(1);
        assertThat(IntStream.range(0, 10_000).mapToLong(any -> backoff.jittered(1, random)))
                .allMatch(millis -> millis >= 1 && millis <= 2_000)
                .anyMatch(millis -> millis < 100)
                .anyMatch(millis -> millis > 1_900);
    }
}
