package io.crmux.store;

import java.util.List;

/**
 * What was learned of contacts on the way.
 *
 * @param aliases addresses
 * @param renames ids that have changed
 */
public record Learned(List<Alias> aliases, List<Rename> renames) {

    public static final Learned NOTHING = new Learned(List.of(), List.of());

    public Learned {
        aliases = List.copyOf(aliases);
        renames = List.copyOf(renames);
    }

    /** An address alone. */
    public static Learned of(Alias alias) {
        return new Learned(List.of(alias), List.of());
    }
}
