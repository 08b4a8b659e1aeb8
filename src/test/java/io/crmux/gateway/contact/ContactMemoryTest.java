package io.crmux.gateway.contact;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.gateway.Address;
import io.crmux.gateway.load.Cells;
import io.crmux.gateway.load.Entry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ContactMemoryTest {

    private static final long MANY_BYTES = 100_000_000;
    private static final Address JANE = new Address("jane@example.com");
    private static final Address JOAN = new Address("Joan@example.com");

    private final ContactMemory memory = new ContactMemory(MANY_BYTES);

    private static TagSet tags(String... values) {
        return TagSet.of(List.of(values));
    }

    private static <K, V> Entry<V> entry(Cells<K, V> cells, K key) {
        return requireNonNull(cells.get(key));
    }

    private static <K, V> V value(Cells<K, V> cells, K key) {
        return requireNonNull(entry(cells, key).value());
    }

    @Test
    void idsThatLookLikeOneNumberAreDifferentIds() {
        List<String> ids = List.of("7", "07", "007", "+7", "-7", "7.0", "٧", "", "0", "00", "9223372036854775808");
        ids.forEach(id -> memory.tags().put(id, Entry.loaded(tags("of " + id), 1)));
        for (String id : ids) {
            assertThat(value(memory.tags(), id)).isEqualTo(tags("of " + id));
            memory.ids().put(JANE, Entry.loaded(id, 2));
            assertThat(value(memory.ids(), JANE)).isEqualTo(id);
        }
    }

    @Test
    void theAddressIsTheOneThatWasLearnedLast() {
        memory.ids().put(JANE, Entry.loaded("1", 1));
        memory.ids().put(JOAN, Entry.loaded("1", 2));
        assertThat(value(memory.addresses(), "1")).isEqualTo(JANE);
        memory.addresses().put("1", Entry.loaded(JOAN, 2));
        assertThat(value(memory.addresses(), "1").written()).isEqualTo("Joan@example.com");
        assertThat(entry(memory.ids(), JANE).loadedAt()).isEqualTo(1);
        assertThat(entry(memory.ids(), JOAN).loadedAt()).isEqualTo(2);
    }

    @Test
    void tagsAreForgottenAndAddressesAreNot() {
        memory.tags().put("1", Entry.loaded(tags("vip"), 5));
        memory.ids().put(JANE, Entry.loaded("1", 5));
        memory.forgetTagsBefore(6);
        assertThat(memory.tags().get("1")).isNull();
        assertThat(value(memory.ids(), JANE)).isEqualTo("1");
        memory.tags().put("1", Entry.loaded(tags("vip"), 6));
        assertThat(memory.tags().get("1")).isNotNull();
    }

    @Test
    void theIndexIsBoundedWithTheContacts() {
        ContactMemory small = new ContactMemory(1_000_000);
        for (int i = 0; i < 20_000; i++) {
            small.ids().put(new Address("user" + i + "@example.com"), Entry.loaded(Integer.toString(i), 1));
        }
        assertThat(small.addressesOfContacts()).isBetween(1_000, 6_000);
    }

    @Test
    void thereMayBeMoreTagsThanNumbers() {
        for (int i = 0; i < 70_000; i++) {
            String tag = "order-" + i;
            assertThat(tags(tag, "customer").values()).containsExactly(tag, "customer");
        }
        assertThat(tags("order-69999", "customer")).isEqualTo(tags("order-69999", "customer"));
        assertThat(tags("x".repeat(1_000)).values()).containsExactly("x".repeat(1_000));
    }

    /** What happens to one contact and one address. */
    record Step(int kind, String id, Address address, long at) {

        void take(ContactMemory memory, Map<String, Long> tags, Map<Address, Known> ids) {
            switch (kind) {
                case 0 -> {
                    memory.tags().put(id, Entry.loaded(TagSet.EMPTY, at));
                    tags.put(id, at);
                }
                case 1 -> {
                    memory.tags().drop(id);
                    tags.remove(id);
                }
                case 2 -> {
                    memory.ids().put(address, Entry.loaded(null, at));
                    ids.put(address, new Known(null, at));
                }
                case 3 -> {
                    memory.ids().drop(address);
                    ids.remove(address);
                }
                case 4 -> {
                    memory.ids().put(address, Entry.loaded(id, at));
                    ids.put(address, new Known(id, at));
                }
                default -> {
                    memory.ids().put(address, Entry.loaded(id, at));
                    memory.addresses().put(id, Entry.loaded(address, at));
                    ids.put(address, new Known(id, at));
                }
            }
        }
    }

    record Known(@Nullable String id, long at) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.of("1", "2", "x"),
                        Arbitraries.of("a@x.de", "B@x.de", "c@x.de").map(Address::new),
                        Arbitraries.longs().between(1, 99))
                .as(Step::new)
                .list()
                .ofMaxSize(30);
    }

    @Property
    void itRemembersLikeThreeMaps(@ForAll("steps") List<Step> steps) {
        ContactMemory small = new ContactMemory(MANY_BYTES);
        Map<String, Long> tags = new HashMap<>();
        Map<Address, Known> ids = new HashMap<>();
        for (Step step : steps) {
            step.take(small, tags, ids);
            for (String id : List.of("1", "2", "x")) {
                Entry<VisibleTags> kept = small.tags().get(id);
                assertThat(kept == null ? null : kept.loadedAt()).isEqualTo(tags.get(id));
            }
            for (String written : List.of("a@x.de", "b@x.de", "c@x.de")) {
                Entry<String> kept = small.ids().get(new Address(written));
                assertThat(kept == null ? null : new Known(kept.value(), kept.loadedAt()))
                        .isEqualTo(ids.get(new Address(written)));
            }
        }
    }
}
