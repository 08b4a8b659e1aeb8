package io.crmux.gateway;

import io.crmux.gateway.contact.FoundContact;
import io.crmux.gateway.contact.TagSet;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/**
 * What memory knows of a contact's tags. Every look-up fills it anew, so that a page view leaves nothing for the garbage collector: it is one thread's own,
 * and tells of one contact until that thread looks up another.
 */
public final class KnownTags {

    private final List<String> view = new View();
    private final IdText id = new IdText();
    private final FoundContact found = new FoundContact();
    private TagSet tags = TagSet.EMPTY;
    private long ageMillis;
    private long ttlMillis;
    private boolean crmUnavailable;

    /** Nothing yet. */
    public KnownTags() {}

    /** Where a look-up by address notes whom it has found. */
    FoundContact found() {
        return found;
    }

    /** @param key the contact's id: a {@link Long} where it is kept as a number, a text otherwise */
    void are(Object key, TagSet visible, long age, long ttl, boolean doubtful) {
        if (key instanceof Long number) {
            id.is(number);
        } else {
            id.is((String) key);
        }
        tags = visible;
        ageMillis = age;
        ttlMillis = ttl;
        crmUnavailable = doubtful;
    }

    /** They are as old and as doubtful as what led to them. */
    void restOn(long age, long ttl, boolean doubtful) {
        ageMillis = Math.max(ageMillis, age);
        ttlMillis = Math.min(ttlMillis, ttl);
        crmUnavailable |= doubtful;
    }

    /** The contact's id: another one after the next look-up. */
    public CharSequence id() {
        return id;
    }

    /** The tags as a site is to see them, see {@link ContactTags}: a view, which shows others after the next look-up. */
    public List<String> tags() {
        return view;
    }

    /** The same tags, to be kept. */
    List<String> keptTags() {
        return tags.values();
    }

    /** Since the load began. */
    public long ageMillis() {
        return ageMillis;
    }

    /** Until it is stale; negative when it is. */
    public long ttlMillis() {
        return ttlMillis;
    }

    /** Whether it is stale because the CRM fails. */
    public boolean crmUnavailable() {
        return crmUnavailable;
    }

    private final class View extends AbstractList<String> implements RandomAccess {

        @Override
        public String get(int index) {
            return tags.value(index);
        }

        @Override
        public int size() {
            return tags.size();
        }
    }
}
