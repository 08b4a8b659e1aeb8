package io.crmux.gateway.delivery;

import io.crmux.crm.Added;
import io.crmux.gateway.Address;
import io.crmux.gateway.contact.ContactState;
import io.crmux.gateway.contact.Contacts;
import io.crmux.gateway.contact.Layer;
import io.crmux.gateway.contact.Renames;
import io.crmux.gateway.fields.FieldMap;
import io.crmux.store.ChangeBody;
import io.crmux.store.ChangeState;
import io.crmux.store.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
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
        return origin == null ? accepted(layer, address) : mirrored(layer, origin, address);
    }

    private ContactState accepted(Layer layer, @Nullable Address address) {
        String id = layer.contactId();
        ContactState state = id == null && address != null
                ? inTurn(layer, address)
                : numbered(renames.present(Objects.requireNonNull(id)), address);
        heads(state, layer);
        return state;
    }

    /** A change tells the address that its contact had when it was accepted: what is known of it since is newer. */
    private ContactState numbered(String id, @Nullable Address address) {
        ContactState known = contacts.byId(id);
        return contacts.obtain(id, known == null || known.address() == null ? address : null);
    }

    private void heads(ContactState state, Layer layer) {
        if (!layer.state().isEnd()) {
            fields.movesTo(layer.body()).ifPresent(to -> contacts.heads(state, to));
        }
    }

    // ---- addresses in turn

    /** Who has the address when all that was accepted before the change is done. */
    private ContactState inTurn(Layer layer, Address address) {
        if (!isContested(address)) {
            return plain(layer, address);
        }
        for (ContactState state : contacts.holding(address)) {
            if (state.waiting().contains(layer)) {
                return state;
            }
        }
        ContactState heir = heir(address);
        if (heir != null) {
            return heir;
        }
        if (layer.body() instanceof ChangeBody.Create) {
            return contacts.begin(address);
        }
        List<ContactState> passing = contacts.heading(address);
        return passing.isEmpty() ? plain(layer, address) : passing.get(passing.size() - 1);
    }

    private ContactState plain(Layer layer, Address address) {
        boolean isFormer = !(layer.body() instanceof ChangeBody.Create) && contacts.byEmail(address.key()) == null;
        String id = isFormer ? formerAddresses.get(address.key()) : null;
        return contacts.obtain(id == null ? null : renames.present(id), address);
    }

    /** Whether what waits changes who has the address. */
    private boolean isContested(Address address) {
        if (!contacts.isAnyHeading()) {
            return false;
        }
        if (!contacts.isKnown(address)) {
            return !contacts.heading(address).isEmpty();
        }
        ContactState holder = contacts.byEmail(address.key());
        Address soon = holder == null ? null : soon(holder);
        return soon != null && !soon.equals(address);
    }

    /** Who has the address when all that waits is done; null when nobody has. */
    private @Nullable ContactState heir(Address address) {
        ContactState heir = null;
        for (ContactState state : contacts.heading(address)) {
            if (address.equals(soon(state))) {
                heir = state;
            }
        }
        return heir;
    }

    /** The address that a contact has when all is done that waits of it; null when that does not change it. */
    private @Nullable Address soon(ContactState state) {
        List<Layer> waiting = state.waiting();
        for (int i = waiting.size() - 1; i >= 0; i--) {
            Optional<Address> to = fields.movesTo(waiting.get(i).body());
            if (to.isPresent()) {
                return to.get();
            }
        }
        return claimed(state);
    }

    /** The address that a contact is to have as soon as nobody else has it any more; null when it has one. */
    private static @Nullable Address claimed(ContactState state) {
        if (state.id() != null || state.address() != null || state.waiting().isEmpty()) {
            return null;
        }
        Layer first = state.waiting().get(0);
        return first.origin() == null ? address(first) : null;
    }

    /**
     * Whether a change by an address is another contact's than the one that is known to have it, or may become so: it is accepted without that one's id.
     *
     * @param creates whether it is a creation
     */
    public boolean isAnothers(Address address, boolean creates) {
        return isContested(address) && (creates || heir(address) != null);
    }

    /** The contact that an address stands for when all that was accepted is done; null when nothing of it is pending. */
    public @Nullable ContactState present(Address address) {
        return isContested(address) ? heir(address) : contacts.byEmail(address.key());
    }

    /** A contact that was to have an address as soon as nobody else has it any more gets it, if that is so: it may be joined to another. */
    ContactState settled(ContactState state) {
        Address claimed = claimed(state);
        if (claimed == null || isTaken(state, state.waiting().get(0), claimed)) {
            return state;
        }
        ContactState found = contacts.found(state, claimed);
        contacts.headsNoMore(found, claimed);
        found.waiting().forEach(layer -> heads(found, layer));
        return found;
    }

    /**
     * Takes out of a contact's queue what an addition begins that was accepted after a change of the contact's address, and goes by an address which it
     * does not have then: it got there when it was learned whose that address was.
     *
     * @return what was taken out, in order of acceptance
     */
    List<Layer> misplaced(ContactState state) {
        if (!contacts.isAnyHeading() || state.isBusyTwice()) {
            return List.of();
        }
        Address soon = null;
        Set<Address> others = new HashSet<>();
        List<Layer> misplaced = new ArrayList<>();
        for (Layer layer : state.waiting()) {
            Address address = address(layer);
            boolean isByAddress = layer.origin() == null && layer.contactId() == null && address != null;
            if (isByAddress && soon != null && layer.body() instanceof ChangeBody.Create && !address.equals(soon)) {
                others.add(address);
            }
            if (isByAddress && others.contains(address)) {
                misplaced.add(layer);
            } else {
                soon = fields.movesTo(layer.body()).orElse(soon);
            }
        }
        if (!misplaced.isEmpty()) {
            takeOut(state, misplaced);
        }
        return misplaced;
    }

    /** Whether another contact has, or gets, or gives away an address by what was accepted before the change. */
    private boolean isTaken(ContactState state, Layer layer, Address address) {
        return contacts.holding(address).stream()
                .filter(other -> other != state)
                .anyMatch(other -> other.waiting().stream()
                        .anyMatch(before -> before.seq() < layer.seq() && decidesAddress(before)));
    }

    private boolean decidesAddress(Layer layer) {
        return layer.body() instanceof ChangeBody.Create
                || layer.body() instanceof ChangeBody.Delete
                || fields.moves(layer.body());
    }

    /** The other contacts that may have waited for what was decided of a contact. */
    List<ContactState> heirs(ContactState state, @Nullable Address former, List<Layer> decided) {
        if (!contacts.isAnyHeading()) {
            return List.of();
        }
        return Stream.concat(
                        Stream.of(Optional.ofNullable(former), Optional.ofNullable(state.address()))
                                .flatMap(Optional::stream),
                        decided.stream().flatMap(layer -> fields.movesTo(layer.body()).stream()))
                .flatMap(address -> contacts.heading(address).stream())
                .filter(other -> other != state)
                .distinct()
                .toList();
    }

    // ---- mirrored changes

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
        heads(state, layer);
        return state;
    }

    /** The address that a change goes by; null when it goes by an id alone. */
    public static @Nullable Address address(Layer layer) {
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

    /** The contact of a change that was delivered before the process ended: who it was accepted for may have another address since. */
    public ContactState ofDelivered(Layer layer) {
        Optional<Address> to = fields.movesTo(layer.body());
        String id = layer.origin() == null && layer.contactId() == null ? idSince(layer, to) : null;
        ContactState state = id == null ? of(layer) : contacts.obtain(renames.present(id), null);
        to.ifPresent(address -> contacts.moved(state, state.address(), address));
        return state;
    }

    private @Nullable String idSince(Layer delivered, Optional<Address> to) {
        Added added = delivered.added();
        return added != null && !added.id().isEmpty()
                ? added.id()
                : to.map(contacts::idOf).orElse(null);
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
        if (layer.origin() == null) {
            Address claimed = fields.movesTo(layer.body()).orElse(null);
            return claimed(state) != null || (claimed != null && isTaken(state, layer, claimed));
        }
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
        if (!fields.moves(decided.body())) {
            return List.of();
        }
        List<Layer> others = state.waiting().stream()
                .filter(layer ->
                        layer.seq() > decided.seq() && (mayBeAnothers(layer, decided) || isByAddressOf(decided, layer)))
                .toList();
        headsNoMore(state, decided);
        takeOut(state, others);
        return others;
    }

    private void takeOut(ContactState state, List<Layer> others) {
        for (Layer other : others) {
            Origin origin = other.origin();
            state.refuse(other);
            if (origin != null) {
                contacts.notFrom(origin, state);
            }
            headsNoMore(state, other);
        }
        state.waiting().forEach(own -> {
            if (own.origin() != null) {
                contacts.knownFrom(own.origin(), state);
            }
            heads(state, own);
        });
    }

    /** Whether a change goes by an address that its contact does not get, since the change of address is dead. */
    private boolean isByAddressOf(Layer move, Layer layer) {
        return move.state() != ChangeState.DELIVERED
                && layer.origin() == null
                && layer.contactId() == null
                && fields.movesTo(move.body()).equals(Optional.ofNullable(address(layer)));
    }

    private void headsNoMore(ContactState state, Layer layer) {
        fields.movesTo(layer.body()).ifPresent(to -> contacts.headsNoMore(state, to));
    }
}
