package io.crmux.gateway.contact;

import io.crmux.gateway.Address;
import io.crmux.gateway.ContactRef;
import io.crmux.store.Origin;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The contacts of a connection that have changes which are not settled, by id and by address. Touched only on its loop.
 *
 * <p>A contact that is known by its address alone and one that is known by its id alone are two, until it is learned that they are one: then
 * they are joined, in order of acceptance.
 */
public final class Contacts {

    private final Map<String, ContactState> byId = new HashMap<>();
    private final Map<String, ContactState> byEmail = new HashMap<>();
    private final Map<String, Set<ContactState>> headings = new HashMap<>();
    private final Function<String, @Nullable String> knownId;

    /** @param knownId the id that an address (normalised) is known to have; null when none is */
    public Contacts(Function<String, @Nullable String> knownId) {
        this.knownId = knownId;
    }

    /** The contact by its id; null when nothing of it is pending. */
    public @Nullable ContactState byId(String id) {
        return byId.get(id);
    }

    /** The contact by its normalised address; null when nothing of it is pending. */
    public @Nullable ContactState byEmail(String key) {
        ContactState state = byEmail.get(key);
        if (state != null) {
            return state;
        }
        String id = knownId.apply(key);
        return id == null ? null : byId.get(id);
    }

    /** Whether it is known whose an address is, as far as this connection goes. */
    public boolean isKnown(Address address) {
        return byEmail.containsKey(address.key()) || knownId.apply(address.key()) != null;
    }

    /** The id of whoever is known to have an address; null when nobody is, or its id is not known. */
    public @Nullable String idOf(Address address) {
        ContactState state = byEmail.get(address.key());
        return state == null || state.id() == null ? knownId.apply(address.key()) : state.id();
    }

    /** The contact that a site means; null when nothing of it is pending. */
    public @Nullable ContactState find(ContactRef ref) {
        return ref instanceof ContactRef.ByEmail email
                ? byEmail(email.address().key())
                : byId(((ContactRef.ById) ref).id());
    }

    /**
     * The contact with this id or address or both, at least one of which is known; begun when nothing of it was pending. An address that was another
     * contact's before is this one's from now on; the queues of two ids are never joined.
     */
    public ContactState obtain(@Nullable String id, @Nullable Address address) {
        String known = id == null && address != null ? knownId.apply(address.key()) : id;
        ContactState numbered = known == null ? null : byId.get(known);
        ContactState other = address == null ? null : byEmail.get(address.key());
        if (other != null && known != null && other.id() != null && !known.equals(other.id())) {
            other = null;
        }
        ContactState state = numbered != null ? numbered : other != null ? other : new ContactState();
        boolean isFound = (known == null || numbered == state) && (address == null || other == state);
        if (isFound && state.isKnownBy(known, address)) {
            return state;
        }
        if (other != null && other != state) {
            state.absorb(other);
        }
        if (known != null && state.id() == null && !known.equals(state.lostId())) {
            state.id(known);
        }
        if (address != null) {
            state.address(address);
        }
        index(state);
        return state;
    }

    /** The contact by who it is elsewhere; null when that is not known, or nothing of it is pending that came from there. */
    public @Nullable ContactState byOrigin(Origin origin) {
        return origin.contactId() == null ? null : byEmail.get(key(origin));
    }

    static String key(Origin origin) {
        return origin.connection() + " " + origin.contactId();
    }

    /** Whether it is a key of who a contact is elsewhere. */
    static boolean isOrigin(String key) {
        return key.indexOf(' ') > 0;
    }

    /** The contact is known by who it is elsewhere, too: all of it is one queue here, whichever addresses it has there in the meantime. */
    public void knownFrom(Origin origin, ContactState state) {
        if (origin.contactId() != null) {
            know(state, key(origin));
        }
    }

    /** The contact is not who that is elsewhere. */
    public void notFrom(Origin origin, ContactState state) {
        forget(state, key(origin));
    }

    /** The contacts that are about to have this address when what waits of them is done, or to have had it: the last one to be told so last. */
    public List<ContactState> heading(Address address) {
        return headings.getOrDefault(heading(address.key()), Set.of()).stream()
                .map(ContactState::current)
                .distinct()
                .toList();
    }

    /** The addresses that a contact is about to have, in their normalised form. */
    Stream<Address> headings(ContactState state) {
        return state.emails().stream().filter(Contacts::isHeading).map(key -> new Address(key.substring(1)));
    }

    /** Whether a contact is about to have another address. */
    public boolean isHeading(ContactState state) {
        return isAnyHeading() && state.emails().stream().anyMatch(Contacts::isHeading);
    }

    /** Whether any contact is about to have another address. */
    public boolean isAnyHeading() {
        return !headings.isEmpty();
    }

    /** A new contact, which is to have this address as soon as nobody else has it any more. */
    public ContactState begin(Address address) {
        ContactState state = new ContactState();
        heads(state, address);
        return state;
    }

    /** An address is another contact's than the one that goes by it, which gets it afterwards: unless it is too late for that. */
    public void leave(ContactState state, Address address) {
        if (state.id() == null && !state.isBusy() && state.delivered().isEmpty()) {
            forget(state, address.key());
            state.withoutAddress();
            heads(state, address);
        }
    }

    /** The contacts of which it is known that they have this address, or are about to. */
    public List<ContactState> holding(Address address) {
        return Stream.concat(Optional.ofNullable(byEmail(address.key())).stream(), heading(address).stream())
                .distinct()
                .toList();
    }

    private static String heading(String key) {
        return " " + key;
    }

    /** The contact is about to have this address, too. */
    public void heads(ContactState state, Address address) {
        know(state, heading(address.key()));
    }

    /** The contact is not about to have this address any more. */
    public void headsNoMore(ContactState state, Address address) {
        forget(state, heading(address.key()));
    }

    private void know(ContactState state, String key) {
        state.key(key);
        put(key, state);
    }

    private void forget(ContactState state, String key) {
        remove(key, state);
        state.forgetEmail(key);
    }

    private void put(String key, ContactState state) {
        if (isHeading(key)) {
            headings.computeIfAbsent(key, absent -> new LinkedHashSet<>()).add(state);
        } else {
            byEmail.put(key, state);
        }
    }

    private void remove(String key, ContactState state) {
        if (isHeading(key)) {
            headings.computeIfPresent(key, (known, states) -> {
                states.removeIf(each -> each.current() == state);
                return states.isEmpty() ? null : states;
            });
        } else {
            byEmail.remove(key, state);
        }
    }

    private static boolean isHeading(String key) {
        return key.startsWith(" ");
    }

    /** The contact has another address than it had: the former one may be somebody else's by now, and what waits under the new one is its own. */
    public void moved(ContactState state, @Nullable Address former, Address address) {
        if (former != null) {
            forget(state, former.key());
        }
        ContactState other = byEmail.get(address.key());
        if (other != null && other != state) {
            if (other.id() == null && state.isWhoever(other)) {
                state.absorb(other);
            } else {
                forget(other, address.key());
            }
        }
        state.address(address);
        index(state);
    }

    /** The contact of which nothing is known but who it is elsewhere; begun when nothing of it was pending. */
    public ContactState obtain(Origin origin) {
        String key = key(origin);
        ContactState state = byEmail.computeIfAbsent(key, absent -> new ContactState());
        state.key(key);
        return state;
    }

    /**
     * The address is known of a contact of which nothing was known but who it is elsewhere.
     *
     * @return the contact, which may have been joined to another
     */
    public ContactState found(ContactState state, Address address) {
        ContactState other = byEmail(address.key());
        if (other != null && other != state) {
            other.absorb(state);
            index(other);
            return other;
        }
        state.address(address);
        index(state);
        return state;
    }

    /**
     * Learns that an address is a contact's. Where both have changes pending, the two become one.
     *
     * @return the contact, if anything of it is pending
     */
    public @Nullable ContactState learn(Address address, String id) {
        ContactState named = byEmail.get(address.key());
        ContactState numbered = byId.get(id);
        if (named == null && numbered == null) {
            return null;
        }
        if (named != null && named.id() != null && !named.id().equals(id)) {
            byEmail.remove(address.key());
            named.forgetEmail(address.key());
            named = null;
        }
        ContactState state = numbered == null ? named : numbered;
        if (state == null) {
            return null;
        }
        if (named != null && named != state) {
            state.absorb(named);
        }
        state.id(id);
        state.address(address);
        index(state);
        return state;
    }

    /** The contact has another id now. What is pending under that one becomes part of it. */
    public void rename(ContactState state, String id) {
        String former = state.id();
        if (former != null) {
            byId.remove(former, state);
        }
        ContactState other = byId.get(id);
        if (other != null && other != state) {
            state.absorb(other);
        }
        state.id(id);
        state.lostId(null);
        index(state);
    }

    /** Notes that the contact was deleted: it has no id any more, and is found under the old one until the deletion is settled. */
    public void deleted(ContactState state) {
        state.formerId(state.id());
        state.id(null);
    }

    /** The deletion is settled: nobody asks for the old id any more. */
    public void forgetFormerId(ContactState state) {
        String formerId = state.formerId();
        if (formerId != null) {
            byId.remove(formerId, state);
            state.formerId(null);
        }
    }

    /** Forgets an id that the CRM does not know: the contact is known by its address alone. */
    public void forgetId(ContactState state) {
        String id = state.id();
        if (id != null) {
            byId.remove(id, state);
            state.id(null);
            state.lostId(id);
        }
    }

    /** Drops the contact if nothing of it is pending any more. */
    public void release(ContactState state) {
        if (state.isIdle()) {
            String id = state.id();
            if (id != null) {
                byId.remove(id, state);
            }
            forgetFormerId(state);
            state.emails().forEach(email -> remove(email, state));
        }
    }

    /** All of them, each once. */
    public Collection<ContactState> all() {
        Set<ContactState> all = new LinkedHashSet<>(byId.values());
        all.addAll(byEmail.values());
        headings.values().forEach(states -> states.forEach(state -> all.add(state.current())));
        return all;
    }

    private void index(ContactState state) {
        String id = state.id();
        if (id != null) {
            byId.put(id, state);
        }
        for (String email : state.emails()) {
            put(email, state);
        }
    }
}
