package io.crmux.gateway.tags;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Tag;
import io.crmux.crm.Traits;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TagBookTest {

    private static TagBook book(Traits.Canonical canonical, boolean ignoreCase, Tag... tags) {
        return TagBook.of(
                List.of(tags),
                new Traits(
                        canonical,
                        ignoreCase,
                        Traits.Creation.NONE,
                        Traits.Add.REFUSES,
                        Traits.Address.ID,
                        Duration.ZERO,
                        1));
    }

    @Test
    void aCanonicalValueWinsOverAName() {
        TagBook book = book(Traits.Canonical.ID, true, Tag.of("1", "one"), Tag.of("2", "1"));
        assertThat(book.resolve("1")).isEqualTo(new Resolution.Known(Tag.of("1", "one"), "1"));
        assertThat(book.resolve("ONE")).isEqualTo(new Resolution.Known(Tag.of("1", "one"), "1"));
    }

    @Test
    void onlyEqualNamesAreAmbiguous() {
        TagBook book = book(Traits.Canonical.ID, true, Tag.of("1", "Vip"), Tag.of("2", "vip"), Tag.of("3", "other"));
        assertThat(book.resolve("VIP")).isInstanceOf(Resolution.Ambiguous.class);
        assertThat(book.resolve("2")).isInstanceOf(Resolution.Known.class);
    }

    @Test
    void caseMattersByTheCrmsOwnRule() {
        assertThat(book(Traits.Canonical.NAME, false, Tag.named("Vip")).resolve("vip"))
                .isInstanceOf(Resolution.Unknown.class);
        assertThat(book(Traits.Canonical.NAME, true, Tag.named("Vip")).show("vip"))
                .isEqualTo("Vip");
        assertThat(book(Traits.Canonical.NAME, true).key("Vip")).isEqualTo("vip");
    }

    @Test
    void whatIsUnknownIsShownAsItWasWritten() {
        assertThat(book(Traits.Canonical.ID, true).show("New Tag")).isEqualTo("New Tag");
    }

    @Test
    void theNearestNamesAreTold() {
        TagBook book = book(
                Traits.Canonical.NAME,
                true,
                Tag.named("customer"),
                Tag.named("newsletter"),
                Tag.named("vip"),
                Tag.named("custom"));
        assertThat(book.nearest("custmer")).startsWith("customer", "custom");
    }

    @Test
    void aTagThatJoinsIsKnownAndReplacesWhatLessWasKnownOf() {
        TagBook book = book(Traits.Canonical.ID, true, Tag.named("vip")).plus(Tag.of("7", "Vip"));
        assertThat(book.tags()).containsExactly(Tag.of("7", "Vip"));
        assertThat(book.resolve("vip")).isEqualTo(new Resolution.Known(Tag.of("7", "Vip"), "7"));
    }
}
