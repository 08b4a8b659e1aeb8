package io.crmux.gateway.load;

import org.jspecify.annotations.Nullable;

/** Where loaded values are kept: read on any event loop, written on the connection's. */
public interface Cells<K, V> {

    /** The value of a key; null when none is kept. */
    @Nullable
    Entry<V> get(K key);

    /** Keeps a value, in place of the one before. */
    void put(K key, Entry<V> entry);

    /** Drops a value. */
    void drop(K key);
}
