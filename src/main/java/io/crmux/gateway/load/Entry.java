package io.crmux.gateway.load;

import org.jspecify.annotations.Nullable;

/**
 * A loaded value and its age. Immutable: every event loop reads it without a lock.
 *
 * @param value null when the CRM has no such thing
 * @param loadedAt when its load began, milliseconds since 1970
 * @param refreshAfter before this no refresh is to be asked for: one is under way, or has failed and backs off
 * @param failures how many refreshes have failed since the load
 */
public record Entry<V>(@Nullable V value, long loadedAt, long refreshAfter, int failures) {

    /** Just loaded. */
    public static <V> Entry<V> loaded(@Nullable V value, long began) {
        return new Entry<>(value, began, 0, 0);
    }

    /** The same age, another value: what a write makes visible. */
    public Entry<V> showing(@Nullable V other) {
        return new Entry<>(other, loadedAt, refreshAfter, failures);
    }

    Entry<V> refreshing() {
        return new Entry<>(value, loadedAt, Long.MAX_VALUE, failures);
    }

    Entry<V> refreshFailed(long again) {
        return new Entry<>(value, loadedAt, again, failures + 1);
    }

    /** Whether it is older than it should be because the CRM fails. */
    public boolean crmFails() {
        return failures > 0;
    }
}
