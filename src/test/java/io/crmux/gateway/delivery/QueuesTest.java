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
import io.vertx.core.json.JsonObject;
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

class QueuesTest {

    private static final List<String> ADDRESSES = List.of("jane@example.com", "Joe@Example.com", "jim@example.com");
    private static final FieldMap FIELDS = new FieldMap(Map.of(), Map.of(), Descriptor.Countries.NAME);

    /** One way to find contacts. */
    private static final class Finding {

        private final Contacts contacts = new Contacts(key -> null);
        private final Queues queues;

        Finding() {
            Renames renames = new Renames();
            renames.note(new Rename("former", "1", 0));
            queues = new Queues(contacts, renames, FIELDS);
            queues.formerAddress("jim@example.com", "2");
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

    private record Accepted(Optional<String> contact, Optional<String> email, Optional<String> moves, boolean creates) {

        private Layer layer(long seq) {
            ChangeBody other = creates
                    ? new ChangeBody.Create(new JsonObject(), false)
                    : new ChangeBody.Tags(List.of("vip"), List.of());
            ChangeBody body = moves.<ChangeBody>map(
                            to -> new ChangeBody.Update(new JsonObject().put("email", to), false))
                    .orElse(other);
            return new Layer(new Change(
                    seq, new NewChange(new UUID(0, seq), "main", contact.orElse(null), email.orElse(null), body, 0)));
        }
    }

    /** Of a deferred change, no more is known than whose it is: it comes into the same queue as the whole change, or is asked for. */
    @Property(tries = 2000)
    void aDeferredChangeIsInTheQueueOfTheWholeOne(@ForAll("changes") List<Accepted> changes) {
        Finding deferred = new Finding();
        Finding whole = new Finding();
        boolean isMoved = false;
        for (int seq = 0; seq < changes.size(); seq++) {
            Accepted change = changes.get(seq);
            isMoved |= change.moves().isPresent();
            ContactState found = change.moves().isPresent()
                    ? null
                    : deferred.queues.of(
                            change.contact().orElse(null), change.email().orElse(null), change.creates());
            assertThat(found != null || isMoved).isTrue();
            found = found == null ? deferred.queues.of(change.layer(seq)) : found;
            found.await(change.layer(seq));
            ContactState expected = whole.queues.of(change.layer(seq));
            expected.await(change.layer(seq));
            assertThat(found.id()).isEqualTo(expected.id());
            assertThat(found.address()).isEqualTo(expected.address());
            assertThat(found.waiting().stream().map(Layer::seq).toList())
                    .isEqualTo(expected.waiting().stream().map(Layer::seq).toList());
            assertThat(deferred.holders()).isEqualTo(whole.holders());
        }
    }

    @Provide
    Arbitrary<List<Accepted>> changes() {
        Arbitrary<Optional<String>> address = Arbitraries.of(ADDRESSES).optional();
        Arbitrary<Accepted> change = Combinators.combine(
                        Arbitraries.of("1", "2", "former").optional(),
                        address,
                        address.optional(0.2),
                        Arbitraries.of(true, false))
                .as((contact, email, to, creates) -> new Accepted(contact, email, to.flatMap(moved -> moved), creates))
                .filter(accepted ->
                        accepted.contact().isPresent() || accepted.email().isPresent());
        return change.list().ofMaxSize(8);
    }
}
