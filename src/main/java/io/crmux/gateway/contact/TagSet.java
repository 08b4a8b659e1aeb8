package io.crmux.gateway.contact;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Interner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The tags of a contact, in order, none twice. Immutable and compact: equal strings are one string, and common sets are one set.
 */
public final class TagSet {

    private static final Interner<String> STRINGS = Interner.newWeakInterner();
    private static final Cache<TagSet, TagSet> COMMON =
            Caffeine.newBuilder().maximumSize(10_000).build();

    /** No tags. */
    public static final TagSet EMPTY = new TagSet(new String[0]);

    private static final int HEADER_BYTES = 40;
    private static final int REFERENCE_BYTES = 4;

    private final String[] values;

    private TagSet(String[] values) {
        this.values = values;
    }

    /** A set of these values, in this order. */
    public static TagSet of(Collection<String> values) {
        if (values.isEmpty()) {
            return EMPTY;
        }
        String[] interned =
                new LinkedHashSet<>(values).stream().map(STRINGS::intern).toArray(String[]::new);
        TagSet set = new TagSet(interned);
        TagSet common = COMMON.asMap().putIfAbsent(set, set);
        return common == null ? set : common;
    }

    /** An equal string, of which there is one. */
    static String shared(String value) {
        return STRINGS.intern(value);
    }

    /** The values, in order. */
    public List<String> values() {
        return Collections.unmodifiableList(Arrays.asList(values));
    }

    public int size() {
        return values.length;
    }

    /**
     * The set after a change.
     *
     * @param key equal for values that mean the same tag
     */
    public TagSet with(List<String> apply, List<String> remove, UnaryOperator<String> key) {
        List<String> changed = new ArrayList<>(Arrays.asList(values));
        for (String gone : remove) {
            String goneKey = key.apply(gone);
            changed.removeIf(value -> key.apply(value).equals(goneKey));
        }
        for (String added : apply) {
            String addedKey = key.apply(added);
            if (changed.stream().noneMatch(value -> key.apply(value).equals(addedKey))) {
                changed.add(added);
            }
        }
        return of(changed);
    }

    /** About so many bytes of heap, the tags themselves left out, since they are shared. */
    public int bytes() {
        return HEADER_BYTES + REFERENCE_BYTES * values.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TagSet set && Arrays.equals(values, set.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return Arrays.toString(values);
    }
}
