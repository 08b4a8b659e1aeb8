package io.crmux.gateway.contact;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Interner;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The tags of a contact, in order, none twice. Immutable and compact: tags are kept by their numbers where all have one, equal strings are one string
 * where not, and common sets are one set. Without an overlay it is itself what is visible of a contact.
 */
public final class TagSet implements VisibleTags {

    private static final Interner<String> STRINGS = Interner.newWeakInterner();
    private static final Cache<TagSet, TagSet> COMMON =
            Caffeine.newBuilder().maximumSize(10_000).build();

    /** No tags. */
    public static final TagSet EMPTY = new TagSet(new short[0]);

    private static final int HEADERS_BYTES = 16 + 16;
    private static final int REFERENCE_BYTES = 4;

    /** {@code short[]}, or {@code String[]} where one of the tags has no number. */
    private final Object values;

    private TagSet(Object values) {
        this.values = values;
    }

    /** A set of these values, in this order. */
    public static TagSet of(Collection<String> values) {
        if (values.isEmpty()) {
            return EMPTY;
        }
        TagSet set = new TagSet(compact(new LinkedHashSet<>(values)));
        TagSet common = COMMON.asMap().putIfAbsent(set, set);
        return common == null ? set : common;
    }

    private static Object compact(Set<String> values) {
        short[] codes = new short[values.size()];
        int i = 0;
        for (String value : values) {
            int code = TagCodes.SHARED.of(value);
            if (code == TagCodes.NONE) {
                return values.stream().map(TagSet::shared).toArray(String[]::new);
            }
            codes[i++] = (short) code;
        }
        return codes;
    }

    /** An equal string, of which there is one. */
    static String shared(String value) {
        return STRINGS.intern(value);
    }

    /** The values, in order. */
    public List<String> values() {
        return values instanceof short[] codes
                ? new Coded(codes)
                : Collections.unmodifiableList(Arrays.asList((String[]) values));
    }

    /** The value at a place, counted from 0. */
    public String value(int index) {
        return values instanceof short[] codes ? TagCodes.SHARED.text(codes[index]) : ((String[]) values)[index];
    }

    public int size() {
        return values instanceof short[] codes ? codes.length : ((String[]) values).length;
    }

    @Override
    public TagSet known() {
        return this;
    }

    @Override
    public TagSet visible() {
        return this;
    }

    /**
     * The set after a change.
     *
     * @param key equal for values that mean the same tag
     */
    public TagSet with(List<String> apply, List<String> remove, UnaryOperator<String> key) {
        List<String> changed = new ArrayList<>(values());
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
    @Override
    public int bytes() {
        return HEADERS_BYTES + (values instanceof short[] ? Short.BYTES : REFERENCE_BYTES) * size();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TagSet set && Objects.deepEquals(values, set.values);
    }

    @Override
    public int hashCode() {
        return values instanceof short[] codes ? Arrays.hashCode(codes) : Arrays.hashCode((String[]) values);
    }

    @Override
    public String toString() {
        return values().toString();
    }

    private static final class Coded extends AbstractList<String> implements RandomAccess {

        private final short[] codes;

        Coded(short[] codes) {
            this.codes = codes;
        }

        @Override
        public String get(int index) {
            return TagCodes.SHARED.text(codes[index]);
        }

        @Override
        public int size() {
            return codes.length;
        }
    }
}
