package io.crmux.store;

import java.nio.file.Path;

/**
 * Where a store is, and how large it may become.
 *
 * @param path of the database; the log beside it ends in {@code -wal}, the lock in {@code .lock}
 * @param maxBytes how large the database may become; a part of it is kept for settling what was accepted
 * @param maxChanges how many changes may be unsettled at a time; those that mirror others may take half of either
 */
public record StoreOptions(Path path, long maxBytes, long maxChanges) {

    public static final StoreOptions DEFAULTS = new StoreOptions(Path.of("data", "crmux.db"), 10L << 30, 5_000_000);

    public StoreOptions {
        if (maxBytes <= 0 || maxChanges <= 0) {
            throw new IllegalArgumentException("a store needs room: max_bytes and max_changes must be greater than 0");
        }
    }

    /** The same at another place. */
    public StoreOptions at(Path other) {
        return new StoreOptions(other, maxBytes, maxChanges);
    }
}
