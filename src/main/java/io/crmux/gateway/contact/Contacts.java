package io.crmux.gateway.contact;

import io.crmux.gateway.Address;
import io.crmux.gateway.ContactRef;
import io.crmux.store.Origin;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
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

    /** The contact by who it is elsewhere; null when nothing of it is pending that came from there without an address. */
    public @Nullable ContactState byOrigin(Origin origin) {
        return byEmail.get(key(origin));
    }

    private static String key(Origin origin) {
        return origin.connection() + " " + origin.contactId();
    }

    /** The contact is known by who it is elsewhere, too, since there its address is about to be another one. */
    public void knownFrom(Origin origin, ContactState state) {
        state.origin(key(origin));
        index(state);
    }

    /** The contact of which nothing is known but who it is elsewhere; begun when nothing of it was pending. */
    public ContactState obtain(Origin origin) {
        String key = key(origin);
        ContactState state = byEmail.computeIfAbsent(key, absent -> new ContactState());
        state.origin(key);
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
            state.emails().forEach(email -> byEmail.remove(email, state));
        }
    }

    /** All of them, each once. */
    public Collection<ContactState> all() {
        Set<ContactState> all = new LinkedHashSet<>(byId.values());
        all.addAll(byEmail.values());
        return all;
    }

    private void index(ContactState state) {
        String id = state.id();
        if (id != null) {
            byId.put(id, state);
        }
        state.emails().forEach(email -> byEmail.put(email, state));
    }
}
