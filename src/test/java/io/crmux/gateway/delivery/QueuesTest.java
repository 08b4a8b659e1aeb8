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
import io.crmux.store.ListedChanges;
import io.crmux.store.NewChange;
import io.crmux.store.Rename;
import io.crmux.store.StoredChange;
import io.crmux.store.StoredChanges;
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
import org.junit.jupiter.api.Test;

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

        private StoredChange stored(long seq) {
            return new StoredChange(change(seq), layer(seq).progress(false));
        }

        private Layer layer(long seq) {
            return new Layer(change(seq));
        }

        private Change change(long seq) {
            ChangeBody other = creates
                    ? new ChangeBody.Create(new JsonObject(), false)
                    : new ChangeBody.Tags(List.of("vip"), List.of());
            ChangeBody body = moves.<ChangeBody>map(
                            to -> new ChangeBody.Update(new JsonObject().put("email", to), false))
                    .orElse(other);
            return new Change(
                    seq, new NewChange(new UUID(0, seq), "main", contact.orElse(null), email.orElse(null), body, 0));
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
            StoredChanges stored = new ListedChanges(List.of(change.stored(seq)));
            ContactState found = stored.isDeferred(0) ? deferred.queues.of(stored, 0) : null;
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

    /** The address is another's in the meantime, which the CRM may see. */
    @Test
    void whatMovesAContactBackIsAChangeOfAddress() {
        Finding finding = new Finding();
        Address first = new Address(ADDRESSES.get(0));
        ContactState state = finding.queues.of(update(1, ADDRESSES.get(0)));
        Layer there = update(2, ADDRESSES.get(1));
        Layer back = update(3, ADDRESSES.get(0));
        for (Layer move : List.of(there, back)) {
            assertThat(finding.queues.of(move)).isSameAs(state);
            state.await(move);
        }
        state.deliver(there, 0);
        finding.contacts.moved(state, first, new Address(ADDRESSES.get(1)));
        assertThat(finding.queues.present(first)).isSameAs(state);
    }

    private static Layer update(long seq, String to) {
        return new Accepted(Optional.of("1"), Optional.of(ADDRESSES.get(0)), Optional.of(to), false).layer(seq);
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
