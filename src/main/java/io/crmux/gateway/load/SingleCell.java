package io.crmux.gateway.load;

import org.jspecify.annotations.Nullable;

/** The one value of a list that a connection has once. */
public final class SingleCell<V> implements Cells<Whole, V> {

    private volatile @Nullable Entry<V> entry;

    @Override
    public @Nullable Entry<V> get(Whole key) {
        return entry;
    }

    @Override
    public void put(Whole key, Entry<V> loaded) {
        entry = loaded;
    }

    @Override
    public void drop(Whole key) {
        entry = null;
    }
}
