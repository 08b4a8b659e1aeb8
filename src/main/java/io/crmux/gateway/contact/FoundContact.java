package io.crmux.gateway.contact;

import io.crmux.gateway.load.Entry;
import org.jspecify.annotations.Nullable;

/** A contact as memory has found it by its address: one thread's own, and another one after the next look-up, which so leaves nothing behind. */
public final class FoundContact {

    private Object key = "";
    private @Nullable Entry<VisibleTags> tags;
    private long learned;

    void is(Object id, @Nullable Entry<VisibleTags> known, long told) {
        key = id;
        tags = known;
        learned = told;
    }

    /** Its id: a {@link Long} where it is a number, a text otherwise. */
    public Object key() {
        return key;
    }

    /** Null when none are known. */
    public @Nullable Entry<VisibleTags> tags() {
        return tags;
    }

    /** When the address was known to be the contact's, milliseconds since 1970. */
    public long learned() {
        return learned;
    }
}
