package io.crmux.gateway.load;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Values in Caffeine, bounded by the memory that they take. */
public final class CachedCells<K, V> implements Cells<K, V> {

    /** A map entry and its place, a node of Caffeine's, a key's string and our entry, without what they refer to. */
    private static final int OVERHEAD_BYTES = 32 + 8 + 40 + 40 + 24;

    private final Function<K, String> name;
    private final Cache<String, Entry<V>> cache;

    /**
     * An empty cache.
     *
     * @param name what tells keys apart
     * @param maxBytes about so much heap at the most
     * @param bytes what a value takes
     */
    public CachedCells(Function<K, String> name, long maxBytes, ToIntFunction<V> bytes) {
        this.name = name;
        cache = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((String key, Entry<V> entry) ->
                        OVERHEAD_BYTES + key.length() + valueBytes(entry.value(), bytes))
                .executor(Runnable::run)
                .build();
    }

    private static <V> int valueBytes(@Nullable V value, ToIntFunction<V> bytes) {
        return value == null ? 0 : bytes.applyAsInt(value);
    }

    /** Whether nothing is kept. */
    public boolean isEmpty() {
        return cache.asMap().isEmpty();
    }

    @Override
    public @Nullable Entry<V> get(K key) {
        return cache.getIfPresent(name.apply(key));
    }

    @Override
    public void put(K key, Entry<V> entry) {
        cache.put(name.apply(key), entry);
    }

    @Override
    public void drop(K key) {
        cache.invalidate(name.apply(key));
    }
}
