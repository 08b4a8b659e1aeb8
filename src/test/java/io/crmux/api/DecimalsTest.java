package io.crmux.api;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class DecimalsTest {

    private final Decimals decimals = new Decimals("ttl=");

    @Property
    void aNumberStandsBehindItsText(@ForAll @LongRange(min = -100_000, max = 100_000) long number) {
        assertThat(decimals.of(number)).hasToString("ttl=" + number);
        assertThat(decimals.of(number)).hasToString("ttl=" + number);
    }

    @Example
    void smallOnesAreMadeOnce() {
        assertThat(decimals.of(900)).isSameAs(decimals.of(900));
        assertThat(decimals.of(4095)).hasToString("ttl=4095");
        assertThat(decimals.of(4096)).hasToString("ttl=4096");
    }
}
