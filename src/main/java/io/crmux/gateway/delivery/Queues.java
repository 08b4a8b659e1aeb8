package io.crmux.gateway.delivery;

import io.crmux.gateway.Address;
import io.crmux.gateway.contact.ContactState;
import io.crmux.gateway.contact.Contacts;
import io.crmux.gateway.contact.Layer;
import io.crmux.gateway.contact.Renames;
import io.crmux.gateway.fields.FieldMap;
import io.crmux.store.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Says in which contact's queue a change is. Touched only on the connection's loop.
 *
 * <p>What is mirrored of one contact is one queue, whichever addresses it has in the meantime, as far as it is known who it is where the changes come
 * from. A change of which that is not known goes by its address. While a change of address waits, nobody can tell whose the address before is
 * afterwards, and whose the new one: so what goes by one of them waits in the same queue behind it, is not sent together with it, and is put where it
 * belongs as soon as the change of address is decided.
 */
public final class Queues {

    private final Contacts contacts;
    private final Renames renames;
    private final FieldMap fields;
    /** The ids of contacts by addresses that they had when changes were accepted which are laid on again. */
    private final Map<String, String> formerAddresses = new HashMap<>();

    public Queues(Contacts contacts, Renames renames, FieldMap fields) {
        this.contacts = contacts;
        this.renames = renames;
        this.fields = fields;
    }

    /** The contact of a change. */
    public ContactState of(Layer layer) {
        Address address = address(layer);
        Origin origin = layer.origin();
        return origin == null ? contacts.obtain(id(layer, address), address) : mirrored(layer, origin, address);
    }

    private @Nullable String id(Layer layer, @Nullable Address address) {
        String id = layer.contactId();
        if (id == null && address != null) {
            id = formerAddresses.get(address.key());
        }
        return id == null ? null : renames.present(id);
    }

    private ContactState mirrored(Layer layer, Origin origin, @Nullable Address address) {
        ContactState known = contacts.byOrigin(origin);
        ContactState state;
        if (known != null) {
            state = address == null || known.address() != null ? known : contacts.found(known, address);
        } else if (address == null) {
            state = contacts.obtain(origin);
        } else {
            List<ContactState> heading = contacts.isKnown(address) ? List.of() : contacts.heading(address);
            state = heading.isEmpty() ? contacts.obtain(null, address) : heading.get(heading.size() - 1);
        }
        contacts.knownFrom(origin, state);
        if (!layer.state().isEnd()) {
            fields.movesTo(layer.body()).ifPresent(to -> contacts.heads(state, to));
        }
        return state;
    }

    private static @Nullable Address address(Layer layer) {
        String email = layer.email();
        return email == null ? null : Address.parse(email).orElse(null);
    }

    /** Whether a change goes by an address. */
    static boolean isBy(Layer layer, @Nullable Address address) {
        return address != null && address.equals(address(layer));
    }

    /** Whether it is known who its contact is where the change comes from, and its address. */
    static boolean isKnownElsewhere(Layer layer) {
        Origin origin = layer.origin();
        return origin != null && origin.contactId() != null && layer.email() != null;
    }

    /** What waits under an address that its contact had before has been accepted for that contact, until all of it is laid on again. */
    public void formerAddress(String key, String id) {
        formerAddresses.put(key, id);
    }

    /** All is laid on: who has such an address next is another contact. */
    public void forgetFormerAddresses() {
        formerAddresses.clear();
    }

    /** The address that a delivered change has given its contact. */
    public void recovered(ContactState state, Layer delivered) {
        fields.movesTo(delivered.body()).ifPresent(to -> contacts.moved(state, state.address(), to));
    }

    // ---- behind changes of address

    private boolean isMirroredMove(Layer layer) {
        return layer.origin() != null && fields.moves(layer.body());
    }

    /** Whether what is behind a change of address may be another contact's than that one. */
    private static boolean mayBeAnothers(Layer layer, Layer move) {
        Origin origin = layer.origin();
        Origin mover = move.origin();
        if (origin == null || mover == null) {
            return false;
        }
        return mover.contactId() == null
                ? !Objects.equals(address(layer), address(move))
                : !mover.contactId().equals(origin.contactId());
    }

    /**
     * Those of a contact's next changes that may be sent: before the first which may be another contact's, and before a change to an address which is still
     * another's here, or is to be another's before, as long as something of that one waits that was accepted earlier.
     */
    List<Layer> own(ContactState state, List<Layer> next) {
        List<Layer> moves = new ArrayList<>();
        for (int i = 0; i < next.size(); i++) {
            Layer layer = next.get(i);
            if (moves.stream().anyMatch(move -> mayBeAnothers(layer, move)) || isHeld(state, layer)) {
                return next.subList(0, i);
            }
            if (isMirroredMove(layer)) {
                moves.add(layer);
            }
        }
        return next;
    }

    private boolean isHeld(ContactState state, Layer layer) {
        if (!isMirroredMove(layer)) {
            return false;
        }
        return fields.movesTo(layer.body()).stream()
                .flatMap(to -> contacts.holding(to).stream())
                .filter(other -> other != state)
                .anyMatch(other -> other.waiting().stream()
                        .anyMatch(before -> before.seq() < layer.seq() && isAnothers(before, layer)));
    }

    private static boolean isAnothers(Layer layer, Layer move) {
        Origin origin = layer.origin();
        return origin != null && origin.contactId() != null && mayBeAnothers(layer, move);
    }

    /** Whether a change that waits behind another contact's is in the queue of that one until it is known whose it is. */
    boolean isBehindAnother(ContactState state, Layer layer) {
        return state.waiting().stream()
                .anyMatch(move -> move.seq() < layer.seq() && isMirroredMove(move) && mayBeAnothers(layer, move));
    }

    /**
     * A change is delivered or dead. If it was one of address, what is behind it and may be another contact's is taken out of its queue.
     *
     * @return what was taken out, in order of acceptance
     */
    List<Layer> takeOthers(ContactState state, Layer decided) {
        if (!isMirroredMove(decided)) {
            return List.of();
        }
        List<Layer> others = state.waiting().stream()
                .filter(layer -> layer.seq() > decided.seq() && mayBeAnothers(layer, decided))
                .toList();
        headsNoMore(state, decided);
        for (Layer other : others) {
            state.refuse(other);
            contacts.notFrom(Objects.requireNonNull(other.origin()), state);
            headsNoMore(state, other);
        }
        state.waiting().forEach(own -> {
            if (own.origin() != null) {
                contacts.knownFrom(own.origin(), state);
                fields.movesTo(own.body()).ifPresent(to -> contacts.heads(state, to));
            }
        });
        return others;
    }

    private void headsNoMore(ContactState state, Layer layer) {
        fields.movesTo(layer.body()).ifPresent(to -> contacts.headsNoMore(state, to));
    }
}
