package io.crmux.crm;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the CRM uses to label contacts.
 *
 * @param id the CRM's id of it; null where it has none or it is not known yet
 * @param name as the CRM spells it
 * @param category what kind of tag it is, where a CRM has several
 * @param writable whether it can be applied and removed
 */
public record Tag(
        @Nullable String id, String name, @Nullable String category, boolean writable) {

    /** A tag of which the name alone is known. */
    public static Tag named(String name) {
        return new Tag(null, name, null, true);
    }

    /** A writable tag with id and name. */
    public static Tag of(String id, String name) {
        return new Tag(id, name, null, true);
    }

    /** By hand: what a record gets by itself is linked at the first use, which the first look-up after a start would wait for. */
    @Override
    public int hashCode() {
        return 31 * Objects.hashCode(id) + name.hashCode();
    }

    /** The id, for connectors that need one: the core resolves tags by {@link Traits#canonical()} before it hands them on. */
    public String requireId() {
        if (id == null) {
            throw new IllegalStateException("the core gave no id for the tag " + name);
        }
        return id;
    }
}
