package io.crmux.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A membership shop's day costs the CRM a tenth of the calls. */
class CallsSavedTest {

    private static final int MEMBERS = 100;

    @Test
    void aDayOfAShopCostsTheCrmATenthOfTheCalls() {
        ShopDay.Count without = ShopDay.without(MEMBERS);
        ShopDay.Count with = ShopDay.with(MEMBERS);
        assertThat(without.failed()).isZero();
        assertThat(with.failed()).isZero();
        assertThat(with.calls()).isPositive().isLessThan(without.calls() / 10);
    }
}
