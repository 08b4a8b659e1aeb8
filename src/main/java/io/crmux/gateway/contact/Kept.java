package io.crmux.gateway.contact;

import io.crmux.gateway.load.Entry;
import org.jspecify.annotations.Nullable;

/**
 * What memory holds of one contact, in as few bytes as can be: an {@link Entry} of its tags, the same {@link AndAddress with its address}, or what is
 * rarer {@link Apart}.
 */
final class Kept {

    private Kept() {}

    /** Tags that nothing else is known of, and an address: most contacts of most sites. */
    private static final class AndAddress extends Entry<VisibleTags> {

        private final String address;
        private final long learned;

        AndAddress(Entry<VisibleTags> tags, String address, long learned) {
            super(tags.value(), tags.loadedAt());
            this.address = address;
            this.learned = learned;
        }
    }

    private record Apart(@Nullable Entry<VisibleTags> tags, String address, long learned) {}

    /**
     * A contact's tags and its address, one of which is there.
     *
     * @param address as it was written
     * @param learned when it was known to be the contact's, milliseconds since 1970
     */
    static @Nullable Object of(@Nullable Entry<VisibleTags> tags, @Nullable String address, long learned) {
        if (address == null) {
            return tags == null ? null : alone(tags);
        }
        return tags != null && tags.isPlain()
                ? new AndAddress(tags, address, learned)
                : new Apart(tags, address, learned);
    }

    private static Entry<VisibleTags> alone(Entry<VisibleTags> tags) {
        return tags instanceof AndAddress ? Entry.loaded(tags.value(), tags.loadedAt()) : tags;
    }

    @SuppressWarnings("unchecked")
    static @Nullable Entry<VisibleTags> tags(@Nullable Object kept) {
        return kept instanceof Apart apart ? apart.tags : (Entry<VisibleTags>) kept;
    }

    static @Nullable String address(@Nullable Object kept) {
        if (kept instanceof AndAddress both) {
            return both.address;
        }
        return kept instanceof Apart apart ? apart.address : null;
    }

    /** When the address was known to be the contact's, milliseconds since 1970. */
    static long learned(@Nullable Object kept) {
        if (kept instanceof AndAddress both) {
            return both.learned;
        }
        return kept instanceof Apart apart ? apart.learned : 0;
    }
}
