package io.crmux.gateway.tags;

import io.crmux.crm.Tag;
import io.crmux.crm.Traits;
import io.crmux.crm.Traits.Canonical;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection's tag list, made for looking up what a site says. Immutable.
 *
 * <p>A word is first taken for a canonical value, then for a name by the CRM's own rule on case. Only a name that several tags share is ambiguous.
 */
public final class TagBook {

    private static final int NEAREST = 3;

    private final List<Tag> tags;
    private final boolean byId;
    private final boolean ignoreCase;
    private final Map<String, Tag> byValue = new HashMap<>();
    private final Map<String, List<Tag>> byName = new HashMap<>();

    private TagBook(List<Tag> tags, boolean byId, boolean ignoreCase) {
        this.tags = List.copyOf(tags);
        this.byId = byId;
        this.ignoreCase = ignoreCase;
        for (Tag tag : tags) {
            if (byId && tag.id() != null) {
                byValue.put(tag.id(), tag);
            }
            byName.computeIfAbsent(fold(tag.name()), name -> new ArrayList<>(1)).add(tag);
        }
    }

    /** A book of tags that are read by the rules of an account. */
    public static TagBook of(List<Tag> tags, Traits traits) {
        return new TagBook(tags, traits.canonical() == Canonical.ID, traits.tagsIgnoreCase());
    }

    /** The tags, in the CRM's order. */
    public List<Tag> tags() {
        return tags;
    }

    /** The same with one more tag; a tag of the same name and category is replaced, since now more may be known of it. */
    public TagBook plus(Tag tag) {
        List<Tag> more = new ArrayList<>(tags);
        more.removeIf(other -> fold(other.name()).equals(fold(tag.name()))
                && (other.id() == null || other.id().equals(tag.id())));
        more.add(tag);
        return new TagBook(more, byId, ignoreCase);
    }

    /** What a site's word means. */
    public Resolution resolve(String said) {
        Tag exact = byValue.get(said);
        if (exact != null) {
            return new Resolution.Known(exact, value(exact));
        }
        List<Tag> named = byName.getOrDefault(fold(said), List.of());
        return switch (named.size()) {
            case 0 -> new Resolution.Unknown();
            case 1 -> new Resolution.Known(named.get(0), value(named.get(0)));
            default -> new Resolution.Ambiguous(named);
        };
    }

    /** The canonical value of a tag; its name while it has none. */
    public String value(Tag tag) {
        String id = tag.id();
        return byId && id != null ? id : tag.name();
    }

    /** What reads show for a site's word: the canonical value, or the word as the site wrote it while there is none. */
    public String show(String said) {
        return resolve(said) instanceof Resolution.Known known ? known.value() : said;
    }

    /** Equal for words that mean the same tag. */
    public String key(String said) {
        return resolve(said) instanceof Resolution.Known known ? fold(known.value()) : fold(said);
    }

    /** The names most like a word that means nothing, for error messages. */
    public List<String> nearest(String said) {
        String folded = said.toLowerCase(Locale.ROOT);
        return tags.stream()
                .map(Tag::name)
                .distinct()
                .sorted(Comparator.comparingInt(name -> distance(folded, name.toLowerCase(Locale.ROOT))))
                .limit(NEAREST)
                .toList();
    }

    /** The tag of that name, if exactly one has it. */
    public @Nullable Tag named(String name) {
        List<Tag> named = byName.getOrDefault(fold(name), List.of());
        return named.size() == 1 ? named.get(0) : null;
    }

    private String fold(String name) {
        return ignoreCase ? name.toLowerCase(Locale.ROOT) : name;
    }

    /** How many letters must be put in, left out or changed. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
