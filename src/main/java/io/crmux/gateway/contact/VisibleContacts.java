package io.crmux.gateway.contact;

import io.crmux.crm.Loop;
import io.crmux.gateway.Address;
import io.crmux.gateway.load.Cells;
import io.crmux.gateway.load.Entry;
import io.crmux.gateway.tags.TagBook;
import io.crmux.store.ChangeBody;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what reads answer true: what the CRM last told, with the overlay laid on. Every event loop reads the cells; only the connection's loop calls
 * this class, which publishes a new record for every load, every accepted change and every delivery.
 *
 * <p>A load never takes back what a write has done. What is delivered is folded into the state known of the CRM, whose load time stays; and it is
 * laid once more over every load that began before the delivery and the connector's settling time were past, since such a load may not have seen it.
 */
public final class VisibleContacts {

    private final Loop loop;
    private final ContactMemory memory;
    private final Cells<String, VisibleTags> tags;
    private final Cells<Address, String> ids;
    private final Cells<String, Address> addresses;
    private final Contacts contacts;
    private final Renames renames;
    private final Supplier<TagBook> book;
    private final long settling;
    private long keepFrom = Long.MIN_VALUE;

    /**
     * The visible values of one connection.
     *
     * @param memory what is published in it, reads answer
     * @param settling milliseconds
     */
    public VisibleContacts(
            Loop loop,
            ContactMemory memory,
            Contacts contacts,
            Renames renames,
            Supplier<TagBook> book,
            long settling) {
        this.loop = loop;
        this.memory = memory;
        this.tags = memory.tags();
        this.ids = memory.ids();
        this.addresses = memory.addresses();
        this.contacts = contacts;
        this.renames = renames;
        this.book = book;
        this.settling = settling;
    }

    /**
     * A contact's tags were loaded.
     *
     * @param told null when the CRM has no such contact
     * @param began when the load began, milliseconds since 1970
     * @return what is visible now
     */
    public Entry<VisibleTags> tagsLoaded(String id, @Nullable TagSet told, long began) {
        assert loop.isHere();
        ContactState state = contacts.byId(id);
        TagSet known = state == null ? told : state.layDelivered(id, told, began, settling, book.get());
        Entry<VisibleTags> entry = Entry.loaded(visible(known, state), began);
        if (began >= keepFrom && !renames.isFormer(id)) {
            tags.put(id, entry);
        }
        return entry;
    }

    /**
     * An address was looked up. What a purge has overtaken is not answered again, but whose address it is stays known.
     *
     * @param found null when the CRM knows nobody of that address
     * @param began when the look-up began, milliseconds since 1970
     * @return the id that is visible now
     */
    public Entry<String> lookedUp(Address address, @Nullable String found, long began) {
        assert loop.isHere();
        ContactState state = contacts.byEmail(address.key());
        String id = state == null ? found : state.layId(found, began, settling);
        Entry<String> entry = Entry.loaded(id, began);
        if (began >= keepFrom) {
            ids.put(address, entry);
        } else if (id != null) {
            ids.put(address, Entry.loaded(id, 0));
        }
        if (id != null) {
            addresses.put(id, Entry.loaded(address, began));
        }
        return entry;
    }

    /** The id that the CRM has for an address which was looked up: seen by deliveries, also while a deletion waits that reads take for done. */
    public @Nullable String inCrm(Address address, @Nullable String found, long began) {
        ContactState state = contacts.byEmail(address.key());
        return state == null ? found : state.layDeliveredId(found, began, settling);
    }

    /** An answer of the CRM has shown that an address is a contact's. */
    public void shown(Address address, String id) {
        assert loop.isHere();
        ContactState state = contacts.byEmail(address.key());
        if (state != null && state.isDeletionPending()) {
            return;
        }
        ids.put(address, Entry.loaded(id, loop.millis()));
        addresses.put(id, Entry.loaded(address, loop.millis()));
    }

    /** The address that a contact is known to have; null when none is known. */
    public @Nullable Address addressOf(String id) {
        Entry<Address> entry = addresses.get(id);
        return entry == null ? null : entry.value();
    }

    /**
     * An address was a contact's when the process ended.
     *
     * @param learned milliseconds since 1970
     */
    public void recovered(Address address, String id, long learned) {
        assert loop.isHere();
        ids.put(address, Entry.loaded(id, learned));
    }

    /** A change was accepted: everything that reads answer of its contact shows it from now on. */
    public void accepted(ContactState state) {
        assert loop.isHere();
        republish(state);
        Address address = state.address();
        if (address != null && state.isDeletionPending()) {
            ids.put(address, Entry.loaded(null, loop.millis()));
        }
    }

    /** Changes were delivered, in this order: they are folded into what is known of the CRM. */
    public void delivered(ContactState state, List<Layer> layers) {
        assert loop.isHere();
        String id = state.id();
        Entry<VisibleTags> entry = id == null ? null : tags.get(id);
        if (id == null || entry == null || entry.value() == null) {
            return;
        }
        TagSet known = entry.value().known();
        for (Layer layer : layers) {
            known = state.layDelivered(id, layer, known, book.get());
        }
        show(id, entry, visible(known, state));
    }

    /**
     * A contact's address was changed in the CRM.
     *
     * @param from null when it was not known
     */
    public void moved(@Nullable Address from, Address to, String id) {
        if (from != null) {
            ids.drop(from);
        }
        ids.put(to, Entry.loaded(id, loop.millis()));
        addresses.put(id, Entry.loaded(to, loop.millis()));
    }

    /** A contact has another id now. Where both are known, two contacts have become one, and nothing is known of that. */
    public void renamed(String formerId, String id) {
        Entry<VisibleTags> entry = tags.get(formerId);
        VisibleTags value = entry == null ? null : entry.value();
        tags.drop(formerId);
        if (entry != null && value != null && tags.get(id) == null) {
            tags.put(id, entry);
        } else {
            tags.drop(id);
        }
        Address address = addressOf(formerId);
        addresses.drop(formerId);
        if (address != null) {
            shown(address, id);
        }
    }

    /** A contact was deleted in the CRM. */
    public void deleted(String id, @Nullable Address address) {
        tags.put(id, Entry.loaded(null, loop.millis()));
        addresses.drop(id);
        if (address != null) {
            ids.put(address, Entry.loaded(null, loop.millis()));
        }
    }

    /** A change was refused for good, or the CRM knows the contact no more: what was known is doubtful. */
    public void doubt(ContactState state) {
        String id = state.id();
        if (id != null) {
            tags.drop(id);
        }
        Address address = state.address();
        if (address != null) {
            ids.drop(address);
        }
    }

    /** The tag list has changed, and with it what the words of waiting changes mean. At a start, many wait and none is known. */
    public void tagListChanged() {
        for (ContactState state : contacts.all()) {
            if (shown(state) != null
                    && state.waiting().stream().anyMatch(layer -> layer.body() instanceof ChangeBody.Tags)) {
                republish(state);
            }
        }
    }

    /** Forgets a contact's tags; a load of them that is under way is not kept either. */
    public void purge(String id) {
        keepFrom = loop.millis() + 1;
        tags.drop(id);
    }

    /** Forgets how old the knowledge of an address is, so that the next read looks it up. */
    public void purge(Address address) {
        keepFrom = loop.millis() + 1;
        Entry<String> entry = ids.get(address);
        if (entry != null) {
            ids.put(address, Entry.loaded(entry.value(), 0));
        }
    }

    /** Forgets all tags; what is loading is not kept either. */
    public void purge() {
        keepFrom = loop.millis() + 1;
        memory.forgetTagsBefore(keepFrom);
    }

    private void republish(ContactState state) {
        String id = state.id();
        Entry<VisibleTags> entry = shown(state);
        if (id != null && entry != null && entry.value() != null) {
            show(id, entry, visible(entry.value().known(), state));
        }
    }

    private @Nullable Entry<VisibleTags> shown(ContactState state) {
        String id = state.id();
        return id == null ? null : tags.get(id);
    }

    private void show(String id, Entry<VisibleTags> entry, @Nullable VisibleTags visible) {
        tags.put(id, visible == null ? Entry.loaded(null, loop.millis()) : entry.showing(visible));
    }

    private @Nullable VisibleTags visible(@Nullable TagSet known, @Nullable ContactState state) {
        TagSet visible = state == null ? known : state.layWaiting(known, book.get());
        return known == null || visible == null ? null : VisibleTags.of(known, visible);
    }
}
