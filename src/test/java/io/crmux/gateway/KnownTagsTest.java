package io.crmux.gateway;

import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.CrmException;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What is answered from memory without a hop to the connection's loop is what the loop would answer. */
class KnownTagsTest {

    private static final int STEP_MILLIS = 97_000;
    private static final long UNTIL_STALE_MILLIS = CacheOptions.DEFAULT_FRESH.toMillis() + 1;

    /** Reads by both names, writes and outages, at all ages that fresh, stale and too old values have. */
    @Property(tries = 300)
    void memoryTellsWhatTheLoopWouldTell(@ForAll @Size(max = 25) List<@IntRange(min = 0, max = 8) Integer> steps) {
        Bench bench = Bench.plain();
        bench.crm.add("42", "jane@example.com", "customer", "vip");
        KnownTags known = new KnownTags();
        for (int step : steps) {
            switch (step) {
                case 0 -> bench.getTags(id("42"));
                case 1 -> bench.getTags(email("jane@example.com"));
                case 2 -> bench.apply(id("42"), "gold");
                case 3 -> bench.crm.failures = () -> CrmException.unavailable("down", 500);
                case 4 -> bench.crm.failures = () -> null;
                default -> bench.loop.advance((long) STEP_MILLIS * (step - 4));
            }
            bench.loop.advance(0);
            assertSame(bench, id("42"), known);
            assertSame(bench, email("jane@example.com"), known);
        }
    }

    private static void assertSame(Bench bench, ContactRef contact, KnownTags known) {
        if (bench.connection.peekTags(contact, known)) {
            Cached<ContactTags> told =
                    Objects.requireNonNull(bench.getTags(contact).result());
            assertThat(new Cached<>(
                            new ContactTags(known.id().toString(), List.copyOf(known.tags())),
                            true,
                            false,
                            known.ageMillis(),
                            known.ttlMillis(),
                            known.crmUnavailable()))
                    .isEqualTo(told);
        }
    }

    @Test
    void memoryTellsWhereItCan() {
        Bench bench = Bench.plain();
        bench.crm.add("42", "jane@example.com", "customer");
        KnownTags known = new KnownTags();
        assertThat(bench.connection.peekTags(id("42"), known)).isFalse();
        bench.tags(email("jane@example.com"));
        assertThat(bench.connection.peekTags(id("42"), known)).isTrue();
        assertThat(known.tags()).containsExactly("customer");
        bench.apply(id("42"), "vip");
        assertThat(bench.connection.peekTags(email("jane@example.com"), known)).isTrue();
        assertThat(known.id()).hasToString("42");
        assertThat(known.tags()).containsExactly("customer", "vip");
    }

    @Test
    void tagsAreAsDoubtfulAsTheAddressThatLedToThem() {
        Bench bench = Bench.plain();
        bench.crm.add("42", "jane@example.com", "customer");
        bench.tags(email("jane@example.com"));
        bench.loop.advance(UNTIL_STALE_MILLIS);
        bench.getTags(id("42"));
        bench.loop.advance(1_000);
        bench.crm.failures = () -> CrmException.unavailable("down", 500);
        bench.getTags(email("jane@example.com"));
        bench.loop.advance(500);
        KnownTags known = new KnownTags();
        assertThat(bench.connection.peekTags(id("42"), known)).isTrue();
        assertThat(known.crmUnavailable()).isFalse();
        assertThat(bench.connection.peekTags(email("jane@example.com"), known)).isTrue();
        assertThat(known.crmUnavailable()).isTrue();
    }

    @Test
    void whatIsKeptStaysWhenAnotherIsLookedUp() {
        Bench bench = Bench.plain();
        bench.crm.add("42", "jane@example.com", "customer");
        bench.crm.add("43", "john@example.com", "guest");
        bench.tags(id("42"));
        bench.tags(id("43"));
        KnownTags known = new KnownTags();
        bench.connection.peekTags(id("42"), known);
        List<String> kept = known.keptTags();
        bench.connection.peekTags(id("43"), known);
        assertThat(kept).containsExactly("customer");
        assertThat(known.tags()).containsExactly("guest");
    }
}
