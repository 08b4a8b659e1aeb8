package io.crmux.gateway.contact;

import io.crmux.store.StoredChange;
import io.crmux.store.StoredChanges;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Some of what was not settled when the process ended, in order of acceptance. What is deferred is made when it is asked for. */
public final class Backlog {

    private final @Nullable Layer[] layers;
    /** Null when all layers are made. */
    private @Nullable StoredChanges stored;

    private int missing;
    private int decided;

    public Backlog(StoredChanges stored) {
        this.stored = stored;
        this.missing = stored.size();
        this.layers = new @Nullable Layer[missing];
    }

    /** One of them, the same each time. */
    public Layer layer(int index) {
        Layer made = layers[index];
        return made == null ? make(index) : made;
    }

    private Layer make(int index) {
        StoredChange change = Objects.requireNonNull(stored).get(index);
        Layer layer = new Layer(change.change(), change.progress());
        layers[index] = layer;
        missing--;
        stored = missing == 0 ? null : stored;
        return layer;
    }

    /** How many of them are not at their end. */
    public int pending() {
        int pending = 0;
        for (Layer made : layers) {
            pending += made != null && made.state().isEnd() ? 0 : 1;
        }
        return pending;
    }

    /** The first that is not at its end; null when all are. */
    public @Nullable Layer oldest() {
        while (decided < layers.length && layer(decided).state().isEnd()) {
            decided++;
        }
        return decided == layers.length ? null : layer(decided);
    }
}
