package io.crmux.gateway.delivery;

import io.crmux.gateway.Address;
import io.crmux.gateway.contact.ContactState;
import io.crmux.gateway.contact.Contacts;
import io.crmux.gateway.contact.Layer;
import io.crmux.gateway.contact.Renames;
import io.crmux.gateway.fields.FieldMap;
import io.crmux.store.ChangeBody;
import io.crmux.store.ChangeState;
import io.crmux.store.Origin;
import io.crmux.store.StoredChanges;
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
 * <p>All of one contact is one queue, whichever addresses it has in the meantime: by its id, and what is mirrored by who it is where the changes come
 * from. A change of which that is not known goes by its address, and is meant for whoever has that when all is done which was accepted before: so while
 * a change of address waits, what goes by the new address is the same contact's, and who is added with the former one is another. That one has no
 * address here until the former one is free, and nothing of it is sent; and nor is a change to an address that is still another's. What is refused puts
 * what went by it where it belongs.
 */
public final class Queues {

    private final Contacts contacts;
    private final Renames renames;
    private final FieldMap fields;
    /** The ids of contacts by addresses that they had when changes were accepted which are laid on again. */
    private final Map<String, String> formerAddresses = new HashMap<>();

    /** Addresses by how they are written, while changes are laid on again: many are of one contact. */
    private final Map<String, Optional<Address>> addresses = new HashMap<>();

    /** The changes of address that were refused here, by whose they are where they come from: there they may be done. */
    private final Map<Origin, Refused> refused = new HashMap<>();

    private record Refused(Address to, Address stays) {}

    public Queues(Contacts contacts, Renames renames, FieldMap fields) {
        this.contacts = contacts;
        this.renames = renames;
        this.fields = fields;
    }

    /** The contact of a change. */
    public ContactState of(Layer layer) {
        Address address = layer.address();
        Origin origin = layer.origin();
        return origin == null ? accepted(layer, address) : mirrored(layer, origin, here(origin, address));
    }

    /**
     * The contact of a deferred change.
     *
     * @return null when more has to be known of the change
     */
    public @Nullable ContactState of(StoredChanges stored, int index) {
        String id = stored.contactId(index);
        String email = stored.email(index);
        Address address = email == null
                ? null
                : addresses.computeIfAbsent(email, Address::parse).orElse(null);
        if (id == null && (address == null || isContested(address))) {
            return null;
        }
        ContactState state = id != null
                ? numbered(renames.present(id), address)
                : plain(Objects.requireNonNull(address), stored.isCreation(index));
        return stored.tellsAddress(index) && !isKnown(state, address) ? null : state;
    }

    /** Whether a contact has this address, and nothing waits that may change that. */
    private boolean isKnown(ContactState state, @Nullable Address address) {
        return address != null && address.equals(state.address()) && !contacts.isHeading(state);
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
        Address news = known == null || !known.hasAddress() ? address : null;
        return known != null && news == null && id.equals(known.id()) ? known : contacts.obtain(id, news);
    }

    /** What tells the address as it is does not change it, unless another change of address waits. */
    private void heads(ContactState state, Layer layer) {
        if (!layer.state().isEnd()) {
            fields.movesTo(layer.body()).filter(to -> !isKnown(state, to)).ifPresent(to -> contacts.heads(state, to));
        }
    }

    // ---- addresses in turn

    /** Who has the address when all that was accepted before the change is done. */
    private ContactState inTurn(Layer layer, Address address) {
        ContactState holder = contacts.byEmail(address.key());
        if (!isContested(address)) {
            return holder == null || mayBe(layer, holder) ? plain(layer, address) : contacts.begin(address);
        }
        for (ContactState state : contacts.holding(address)) {
            if (state.waiting().contains(layer)) {
                return state;
            }
        }
        ContactState heir = heir(address);
        if (heir != null || layer.body() instanceof ChangeBody.Create) {
            return heir != null && mayBe(layer, heir) ? heir : contacts.begin(address);
        }
        List<ContactState> passing = contacts.heading(address);
        ContactState last = passing.isEmpty() ? holder : passing.get(passing.size() - 1);
        if (last == null) {
            return plain(layer, address);
        }
        return isTold(layer, last) && mayBe(layer, last) ? last : contacts.begin(address);
    }

    /** Whether nothing says that a change is another contact's. */
    private static boolean mayBe(Layer layer, ContactState state) {
        Origin origin = layer.origin();
        return origin == null || origin.contactId() == null || state.mayBe(origin);
    }

    /** A contact that is known where a mirrored change comes from is told with it, as long as it has the address there. */
    private static boolean isTold(Layer layer, ContactState state) {
        Origin origin = layer.origin();
        return origin == null || origin.contactId() != null || !state.isFrom(origin.connection());
    }

    private ContactState plain(Layer layer, Address address) {
        return plain(address, layer.body() instanceof ChangeBody.Create);
    }

    private ContactState plain(Address address, boolean creates) {
        boolean isFormer = !creates && !formerAddresses.isEmpty() && contacts.byEmail(address.key()) == null;
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
    public @Nullable Address soon(String id) {
        ContactState state = contacts.isAnyHeading() ? contacts.byId(renames.present(id)) : null;
        return state == null ? null : soon(state);
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
        return state.waiting().get(0).address();
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
            Address address = isByAddress(layer) ? layer.address() : null;
            if (address != null && soon != null && layer.body() instanceof ChangeBody.Create && !address.equals(soon)) {
                others.add(address);
            }
            if (address != null && others.contains(address)) {
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
        return layer.mayCreate() || layer.body() instanceof ChangeBody.Delete || fields.moves(layer.body());
    }

    /** The addresses that a contact gets by changes which may be sent, and which is no other's before. */
    List<Address> next(ContactState state, List<Layer> layers) {
        return layers.stream()
                .flatMap(
                        layer -> fields
                                .movesTo(layer.body())
                                .filter(to -> !to.equals(state.address()) && !isTaken(state, layer, to))
                                .stream())
                .distinct()
                .toList();
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

    /** The address under which a contact is known here. */
    private @Nullable Address here(Origin origin, @Nullable Address address) {
        Refused move = refused.get(origin);
        return move != null && move.to().equals(address) ? move.stays() : address;
    }

    private void noteRefusal(ContactState state, Layer decided) {
        Origin origin = decided.origin();
        Address stays = state.address();
        if (origin == null || origin.contactId() == null) {
            return;
        }
        refused.remove(origin);
        if (decided.state() != ChangeState.DELIVERED && stays != null) {
            fields.movesTo(decided.body()).ifPresent(to -> refused.put(origin, new Refused(to, stays)));
        }
    }

    private ContactState mirrored(Layer layer, Origin origin, @Nullable Address address) {
        ContactState known = contacts.byOrigin(origin);
        ContactState state;
        if (known != null) {
            state = addressed(known, layer, address);
        } else {
            state = address == null ? contacts.obtain(origin) : inTurn(layer, address);
        }
        contacts.knownFrom(origin, state);
        heads(state, layer);
        return state;
    }

    private ContactState addressed(ContactState state, Layer layer, @Nullable Address address) {
        return address == null || isContested(address) ? state : introduced(state, layer, address);
    }

    /** The address is learned of a contact of which something waits: it has it here, unless that is another's, or it waits for it already. */
    ContactState introduced(ContactState state, Layer layer, Address address) {
        if (state.address() != null || claimed(state) != null) {
            return state;
        }
        ContactState holder = contacts.byEmail(address.key());
        return holder == null || mayBe(layer, holder) ? contacts.found(state, address) : state;
    }

    /** Whether a change goes by an address. */
    static boolean isBy(Layer layer, @Nullable Address address) {
        return address != null && address.equals(layer.address());
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
        addresses.clear();
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
        String reached = delivered.reachedId();
        return reached != null ? reached : to.map(contacts::idOf).orElse(null);
    }

    /** The number of the last of these changes that gives its contact an address; 0 when none does. */
    long lastMove(List<Layer> layers) {
        return layers.stream()
                .filter(layer -> fields.moves(layer.body()))
                .mapToLong(Layer::seq)
                .max()
                .orElse(0);
    }

    // ---- what may be sent, and what was decided

    /**
     * Those of a contact's next changes that may be sent: before the first for which the contact needs an address that is not free yet. A contact that may
     * have to be created gets the address that it was added with first: under that it is looked for when the answer is lost.
     */
    List<Layer> own(ContactState state, List<Layer> next) {
        boolean mayCreate = false;
        for (int i = 0; i < next.size(); i++) {
            Layer layer = next.get(i);
            if (isHeld(state, layer) || (mayCreate && leaves(state, layer))) {
                return next.subList(0, i);
            }
            mayCreate |= state.id() == null && layer.mayCreate();
        }
        return next;
    }

    private boolean leaves(ContactState state, Layer layer) {
        return fields.movesTo(layer.body())
                .filter(to -> !to.equals(state.address()))
                .isPresent();
    }

    private boolean isHeld(ContactState state, Layer layer) {
        Address claimed = fields.movesTo(layer.body()).orElse(null);
        return claimed(state) != null
                || (claimed != null && !isItsOwn(state, layer, claimed) && isTaken(state, layer, claimed));
    }

    /** Whether a change tells the contact's address as it is, as those do that send all fields. */
    private boolean isItsOwn(ContactState state, Layer layer, Address address) {
        return address.equals(state.address())
                && state.waiting().stream()
                        .noneMatch(before -> before.seq() < layer.seq()
                                && fields.movesTo(before.body())
                                        .filter(to -> !to.equals(address))
                                        .isPresent());
    }

    /**
     * A change is delivered or dead. If it was one of address which the contact does not get, what is behind it and goes by that address is taken out of
     * its queue.
     *
     * @return what was taken out, in order of acceptance
     */
    List<Layer> takeOthers(ContactState state, Layer decided) {
        if (!fields.moves(decided.body())) {
            return List.of();
        }
        Optional<Address> lost =
                decided.state() == ChangeState.DELIVERED ? Optional.empty() : fields.movesTo(decided.body());
        List<Layer> others = lost.isEmpty()
                ? List.of()
                : state.waiting().stream()
                        .filter(layer -> layer.seq() > decided.seq()
                                && isByAddress(layer)
                                && lost.get().equals(layer.address()))
                        .toList();
        noteRefusal(state, decided);
        headsNoMore(state, decided);
        takeOut(state, others);
        return others;
    }

    /** What stays may be about to have the same addresses. */
    private void takeOut(ContactState state, List<Layer> others) {
        others.forEach(other -> {
            state.refuse(other);
            headsNoMore(state, other);
        });
        state.waiting().forEach(own -> heads(state, own));
    }

    /** Whether a change was accepted for an address, and not for a contact that was known. */
    private static boolean isByAddress(Layer layer) {
        Origin origin = layer.origin();
        return (origin == null ? layer.contactId() : origin.contactId()) == null;
    }

    private void headsNoMore(ContactState state, Layer layer) {
        fields.movesTo(layer.body()).ifPresent(to -> contacts.headsNoMore(state, to));
    }
}
