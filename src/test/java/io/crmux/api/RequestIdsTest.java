package io.crmux.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestIdsTest {

    private final RequestIds ids = new RequestIds();

    @Test
    void namesOfOursAreCounted() {
        String prefix = ids.of(null).replaceAll("-.*", "-");
        for (int i = 1; i < 2_000; i++) {
            assertThat(ids.of(null)).isEqualTo(prefix + Integer.toString(i, 36));
        }
    }

    @Test
    void aNameThatTheClientGaveIsKeptWhenItIsSane() {
        assertThat(ids.of("shop-17.a_B")).isEqualTo("shop-17.a_B");
        assertThat(ids.of("a b")).isNotEqualTo("a b");
        assertThat(ids.of("x".repeat(65))).isNotEqualTo("x".repeat(65));
        assertThat(ids.of("")).isNotEmpty();
    }
}
