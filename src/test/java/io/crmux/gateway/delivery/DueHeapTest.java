package io.crmux.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.gateway.contact.ContactState;
import io.crmux.gateway.contact.Contacts;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DueHeapTest {

    private static final int CONTACTS = 20;
    private static final int TIMES = 10;

    /** A contact is due at a time, in place of any before; or not any more, where there is none. */
    record Step(int contact, int time) {

        boolean isDue() {
            return time < TIMES;
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, CONTACTS - 1),
                        Arbitraries.integers().between(0, TIMES + 2))
                .as(Step::new)
                .list()
                .ofMaxSize(200);
    }

    @Property(tries = 1000)
    void itIsASortedSet(@ForAll("steps") List<Step> steps) {
        List<ContactState> contacts = contacts();
        DueHeap heap = new DueHeap();
        TreeSet<ContactState> model =
                new TreeSet<>(Comparator.comparingLong(ContactState::dueAt).thenComparingLong(ContactState::dueTurn));
        int turns = 0;
        for (Step step : steps) {
            ContactState contact = contacts.get(step.contact());
            if (model.remove(contact)) {
                heap.remove(contact);
            }
            if (step.isDue()) {
                contact.due(step.time(), turns++);
                heap.add(contact);
                model.add(contact);
            }
            assertThat(heap.first()).isSameAs(model.isEmpty() ? null : model.first());
        }
        while (!model.isEmpty()) {
            ContactState first = model.pollFirst();
            assertThat(heap.first()).isSameAs(first);
            heap.remove(first);
        }
        assertThat(heap.first()).isNull();
    }

    private static List<ContactState> contacts() {
        Contacts contacts = new Contacts(key -> null);
        return IntStream.range(0, CONTACTS)
                .mapToObj(i -> contacts.obtain("contact-" + i, null))
                .toList();
    }
}
