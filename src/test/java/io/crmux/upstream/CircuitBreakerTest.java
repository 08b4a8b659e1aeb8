package io.crmux.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

    private static final long SECOND = 1_000_000_000;

    private final CircuitBreaker breaker = new CircuitBreaker();

    private void calls(int good, int bad, long now) {
        for (int i = 0; i < good; i++) {
            breaker.succeeded(now);
        }
        for (int i = 0; i < bad; i++) {
            breaker.failed(now);
        }
    }

    @Test
    void halfOfTwentyOpenIt() {
        calls(10, 9, 0);
        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.failed(0)).isTrue();
        assertThat(breaker.isOpen()).isTrue();
    }

    @Test
    void fewCallsProveNothing() {
        calls(0, 19, 0);
        assertThat(breaker.lets(0)).isTrue();
    }

    @Test
    void whatIsTenSecondsAgoIsForgotten() {
        calls(0, 19, 0);
        calls(0, 1, 10 * SECOND);
        assertThat(breaker.isOpen()).isFalse();
        calls(0, 18, 15 * SECOND);
        assertThat(breaker.isOpen()).isFalse();
        calls(0, 1, 19 * SECOND);
        assertThat(breaker.isOpen()).isTrue();
    }

    @Test
    void oneCallInFiveSecondsTriesAndTheFirstSuccessCloses() {
        calls(0, 20, 0);
        assertThat(breaker.lets(5 * SECOND - 1)).isFalse();
        assertThat(breaker.waitNanos(4 * SECOND)).isEqualTo(SECOND);
        assertThat(breaker.lets(5 * SECOND)).isTrue();
        assertThat(breaker.lets(5 * SECOND)).isFalse();
        breaker.failed(6 * SECOND);
        assertThat(breaker.lets(9 * SECOND)).isFalse();
        assertThat(breaker.lets(10 * SECOND)).isTrue();
        assertThat(breaker.succeeded(11 * SECOND)).isTrue();
        assertThat(breaker.lets(11 * SECOND)).isTrue();
        calls(0, 19, 11 * SECOND);
        assertThat(breaker.isOpen()).as("it counts anew").isTrue();
    }
}
