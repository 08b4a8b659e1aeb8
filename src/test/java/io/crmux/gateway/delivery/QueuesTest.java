package io.crmux.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Descriptor;
import io.crmux.gateway.Address;
import io.crmux.gateway.contact.ContactState;
import io.crmux.gateway.contact.Contacts;
import io.crmux.gateway.contact.Layer;
import io.crmux.gateway.contact.Renames;
import io.crmux.gateway.fields.FieldMap;
import io.crmux.store.Change;
import io.crmux.store.ChangeBody;
import io.crmux.store.NewChange;
import io.crmux.store.Rename;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

class QueuesTest {

    private static final List<String> ADDRESSES = List.of("jane@example.com", "Joe@Example.com");
    private static final FieldMap FIELDS = new FieldMap(Map.of(), Map.of(), Descriptor.Countries.NAME);

    /** One way to find contacts. */
    private static final class Finding {

        private final Contacts contacts = new Contacts(key -> null);
        private final Queues queues;

        Finding() {
            Renames renames = new Renames();
            renames.note(new Rename("former", "1", 0));
            queues = new Queues(contacts, renames, FIELDS);
        }

        /** Who has an address, by id. */
        private List<Optional<String>> holders() {
            return ADDRESSES.stream()
                    .map(address -> Address.parse(address).orElseThrow())
                    .map(address ->
                            Optional.ofNullable(contacts.byEmail(address.key())).map(ContactState::id))
                    .toList();
        }
    }

    private record Accepted(String contact, Optional<String> email) {}

    /** Of a deferred change, no more is known than whose it is: it comes into the same queue as the whole change. */
    @Property(tries = 500)
    void aDeferredChangeIsInTheQueueOfTheWholeOne(@ForAll("changes") List<Accepted> changes) {
        Finding deferred = new Finding();
        Finding whole = new Finding();
        for (Accepted change : changes) {
            ContactState found =
                    deferred.queues.of(change.contact(), change.email().orElse(null));
            ContactState expected =
                    whole.queues.of(layer(change.contact(), change.email().orElse(null)));
            assertThat(found.id()).isEqualTo(expected.id());
            assertThat(found.address()).isEqualTo(expected.address());
            assertThat(deferred.holders()).isEqualTo(whole.holders());
        }
    }

    @Provide
    Arbitrary<List<Accepted>> changes() {
        Arbitrary<Accepted> change = Combinators.combine(
                        Arbitraries.of("1", "2", "former"),
                        Arbitraries.of(ADDRESSES).optional())
                .as(Accepted::new);
        return change.list().ofMaxSize(8);
    }

    private static Layer layer(String contact, @Nullable String email) {
        ChangeBody tags = new ChangeBody.Tags(List.of("vip"), List.of());
        return new Layer(new Change(1, new NewChange(new UUID(0, 1), "main", contact, email, tags, 0)));
    }
}
