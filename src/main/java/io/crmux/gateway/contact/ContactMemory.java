package io.crmux.gateway.contact;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.crmux.gateway.Address;
import io.crmux.gateway.load.CachedCells;
import io.crmux.gateway.load.Cells;
import io.crmux.gateway.load.Entry;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept of a connection's contacts, bounded by the memory that it takes: tags by id, ids by address, addresses by id. Read on any event
 * loop, written on the connection's.
 *
 * <p>A contact is one entry of Caffeine's, since an entry takes more than what is to be kept: its key is the id, as a number where it is one, and its
 * value its tags and its address. Ids are found by addresses in an index, from which an address goes when its contact is evicted. What does not fit
 * this (addresses of nobody, further addresses of one contact, addresses whose refresh is under way or has failed) is in a cache of its own.
 */
public final class ContactMemory {

    private static final double SHARE_OF_CONTACTS = 0.9;

    /** Of Caffeine's map an entry and a place, of Caffeine an entry and a place in the sketch of frequencies, and our entry. */
    private static final int ENTRY_BYTES = 32 + 8 + 40 + 8 + 24;

    /** Of the index an entry and a place, and what our entry takes more. */
    private static final int ADDRESS_BYTES = 32 + 8 + 16;

    private static final int NUMBER_BYTES = 24;
    private static final int TEXT_BYTES = 24 + 16;
    private static final int MOST_DIGITS = 18;
    private static final long NO_NUMBER = -1;

    private final Cache<Object, Object> contacts;
    private final ConcurrentMap<String, Object> keys = new ConcurrentHashMap<>();
    private final CachedCells<Address, String> others;
    private final Cells<String, VisibleTags> tags = new Tags();
    private final Cells<Address, String> ids = new Ids();
    private final Cells<String, Address> addresses = new Addresses();
    private volatile long tagsForgottenBefore = Long.MIN_VALUE;

    /** @param maxBytes about so much heap at the most */
    public ContactMemory(long maxBytes) {
        long contactBytes = (long) (maxBytes * SHARE_OF_CONTACTS);
        this.contacts = Caffeine.newBuilder()
                .maximumWeight(contactBytes)
                .weigher(ContactMemory::bytes)
                .evictionListener((key, kept, cause) -> evicted(key, kept))
                .executor(Runnable::run)
                .build();
        this.others = new CachedCells<>(Address::key, maxBytes - contactBytes, id -> TEXT_BYTES + id.length());
    }

    public Cells<String, VisibleTags> tags() {
        return tags;
    }

    public Cells<Address, String> ids() {
        return ids;
    }

    public Cells<String, Address> addresses() {
        return addresses;
    }

    /** Answers no tags any more that were loaded before that time, milliseconds since 1970. */
    public void forgetTagsBefore(long millis) {
        tagsForgottenBefore = millis;
    }

    /** Is shown what is kept of one contact. */
    interface Visitor {

        /**
         * One contact.
         *
         * @param tags null when none are kept
         * @param address as it was written; null when none is kept
         * @param learned when the address was known to be the contact's, milliseconds since 1970
         */
        void visit(String id, @Nullable Entry<VisibleTags> tags, @Nullable String address, long learned)
                throws IOException;
    }

    /** Shows all contacts, whatever happens to them meanwhile. May be called on any thread. */
    void each(Visitor visitor) throws IOException {
        for (Map.Entry<Object, Object> contact : contacts.asMap().entrySet()) {
            Object kept = contact.getValue();
            Entry<VisibleTags> known = notForgotten(Kept.tags(kept));
            visitor.visit(contact.getKey().toString(), known, Kept.address(kept), Kept.learned(kept));
        }
    }

    private @Nullable Entry<VisibleTags> notForgotten(@Nullable Entry<VisibleTags> entry) {
        return entry == null || entry.loadedAt() < tagsForgottenBefore ? null : entry;
    }

    /** Whether nothing is kept of any contact. */
    public boolean isEmpty() {
        return contacts.asMap().isEmpty();
    }

    /** Whether nothing is known of any address. */
    public boolean knowsNoAddress() {
        return keys.isEmpty() && others.isEmpty();
    }

    /** Finds a contact by its address, where nothing else is known of that: false where it is not found so, but may be by {@link #ids()}. */
    public boolean find(Address address, FoundContact found) {
        Object key = keys.get(address.key());
        Object kept = key == null ? null : contacts.getIfPresent(key);
        if (key == null || !isKeptWith(kept, address)) {
            return false;
        }
        found.is(key, notForgotten(Kept.tags(kept)), Kept.learned(kept));
        return true;
    }

    /** How many addresses lead to a contact that is kept. */
    int addressesOfContacts() {
        return keys.size();
    }

    private static int bytes(Object key, Object kept) {
        Entry<VisibleTags> tags = Kept.tags(kept);
        VisibleTags value = tags == null ? null : tags.value();
        String address = Kept.address(kept);
        return ENTRY_BYTES
                + (key instanceof String text ? TEXT_BYTES + text.length() : NUMBER_BYTES)
                + (value == null ? 0 : value.bytes())
                + (address == null ? 0 : ADDRESS_BYTES + TEXT_BYTES + address.length());
    }

    private void evicted(@Nullable Object key, @Nullable Object kept) {
        String address = Kept.address(kept);
        if (key != null && address != null) {
            keys.remove(Address.key(address), key);
        }
    }

    /** A number takes half as much as a text, and most CRMs number their contacts. */
    private static Object key(String id) {
        long number = number(id);
        return number == NO_NUMBER ? id : (Object) number;
    }

    private static long number(String id) {
        int length = id.length();
        if (length == 0 || length > MOST_DIGITS || (id.charAt(0) == '0' && length > 1)) {
            return NO_NUMBER;
        }
        long number = 0;
        for (int i = 0; i < length; i++) {
            int digit = id.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return NO_NUMBER;
            }
            number = 10 * number + digit;
        }
        return number;
    }

    /** What is kept of a contact: found without making a key, since every page view asks. */
    private @Nullable Object kept(String id) {
        long number = number(id);
        return contacts.getIfPresent(number == NO_NUMBER ? id : WantedNumber.of(number));
    }

    private void keep(Object key, @Nullable Object kept) {
        if (kept == null) {
            contacts.invalidate(key);
        } else {
            contacts.put(key, kept);
        }
    }

    /** Asked by readers, too: between an index and a contact that are read one after the other, the contact may have got another address. */
    private static boolean isKeptWith(@Nullable Object kept, Address address) {
        String written = Kept.address(kept);
        return written != null
                && (written.equals(address.key()) || Address.key(written).equals(address.key()));
    }

    private final class Tags implements Cells<String, VisibleTags> {

        @Override
        public @Nullable Entry<VisibleTags> get(String id) {
            return notForgotten(Kept.tags(kept(id)));
        }

        @Override
        public void put(String id, Entry<VisibleTags> entry) {
            keepTags(id, entry);
        }

        @Override
        public void drop(String id) {
            keepTags(id, null);
        }

        private void keepTags(String id, @Nullable Entry<VisibleTags> entry) {
            Object key = key(id);
            Object kept = contacts.getIfPresent(key);
            keep(key, Kept.of(entry, Kept.address(kept), Kept.learned(kept)));
        }
    }

    private final class Ids implements Cells<Address, String> {

        @Override
        public @Nullable Entry<String> get(Address address) {
            Object key = keys.get(address.key());
            Object kept = key == null ? null : contacts.getIfPresent(key);
            return key != null && isKeptWith(kept, address)
                    ? Entry.loaded(key.toString(), Kept.learned(kept))
                    : others.get(address);
        }

        @Override
        public void put(Address address, Entry<String> entry) {
            String id = entry.value();
            Object key = id == null ? null : key(id);
            Object kept = key == null ? null : contacts.getIfPresent(key);
            boolean isFirst = Kept.address(kept) == null || isKeptWith(kept, address);
            if (key != null && entry.isPlain() && isFirst) {
                keepFirst(key, kept, address, entry.loadedAt());
                others.drop(address);
            } else {
                others.put(address, entry);
                keys.remove(address.key());
            }
        }

        @Override
        public void drop(Address address) {
            others.drop(address);
            keys.remove(address.key());
        }
    }

    /** The index goes first, so that whatever is evicted at this moment leaves nothing in it. */
    private void keepFirst(Object key, @Nullable Object kept, Address address, long learned) {
        keys.put(address.key(), key);
        String written = address.written().equals(address.key()) ? address.key() : address.written();
        keep(key, Kept.of(Kept.tags(kept), written, learned));
    }

    private final class Addresses implements Cells<String, Address> {

        @Override
        public @Nullable Entry<Address> get(String id) {
            Object kept = kept(id);
            String address = Kept.address(kept);
            return address == null ? null : Entry.loaded(new Address(address), Kept.learned(kept));
        }

        /** The address that was the contact's until now stays known as one of its further ones. */
        @Override
        public void put(String id, Entry<Address> entry) {
            Address address = entry.value();
            Object key = key(id);
            Object kept = contacts.getIfPresent(key);
            String former = Kept.address(kept);
            if (address == null || isKeptWith(kept, address)) {
                return;
            }
            Entry<String> further = others.get(address);
            if (former != null && key.equals(keys.get(Address.key(former)))) {
                others.put(new Address(former), Entry.loaded(id, Kept.learned(kept)));
                keys.remove(Address.key(former));
            }
            keepFirst(key, kept, address, further == null ? entry.loadedAt() : further.loadedAt());
            others.drop(address);
        }

        @Override
        public void drop(String id) {
            Object key = key(id);
            Object kept = contacts.getIfPresent(key);
            evicted(key, kept);
            keep(key, Kept.of(Kept.tags(kept), null, 0));
        }
    }
}
