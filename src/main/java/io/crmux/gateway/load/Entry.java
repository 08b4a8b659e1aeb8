package io.crmux.gateway.load;

import org.jspecify.annotations.Nullable;

/**
 * A loaded value and its age. Immutable: every event loop reads it without a lock. There is one for each of a million contacts, hence it takes no more
 * memory than it must: what few have is in {@link Refreshing}.
 */
public class Entry<V> {

    private final @Nullable V value;
    private final long loadedAt;

    /**
     * A loaded value.
     *
     * @param value null when the CRM has no such thing
     * @param loadedAt when its load began, milliseconds since 1970
     */
    protected Entry(@Nullable V value, long loadedAt) {
        this.value = value;
        this.loadedAt = loadedAt;
    }

    /** Just loaded. */
    public static <V> Entry<V> loaded(@Nullable V value, long began) {
        return new Entry<>(value, began);
    }

    /** Null when the CRM has no such thing. */
    public final @Nullable V value() {
        return value;
    }

    /** When its load began, milliseconds since 1970. */
    public final long loadedAt() {
        return loadedAt;
    }

    /** Before this (milliseconds since 1970) no refresh is to be asked for: one is under way, or has failed and backs off. */
    public long refreshAfter() {
        return 0;
    }

    /** How many refreshes have failed since the load. */
    public int failures() {
        return 0;
    }

    /** The same age, another value: what a write makes visible. */
    public Entry<V> showing(@Nullable V other) {
        return new Entry<>(other, loadedAt);
    }

    final Entry<V> refreshing() {
        return new Refreshing<>(value, loadedAt, Long.MAX_VALUE, failures());
    }

    final Entry<V> refreshFailed(long again) {
        return new Refreshing<>(value, loadedAt, again, failures() + 1);
    }

    /** Whether nothing is known of it but its value and its age. */
    public final boolean isPlain() {
        return refreshAfter() == 0 && failures() == 0;
    }

    /** Whether it is older than it should be because the CRM fails. */
    public final boolean crmFails() {
        return failures() > 0;
    }

    private static final class Refreshing<V> extends Entry<V> {

        private final long refreshAfter;
        private final int failures;

        Refreshing(@Nullable V value, long loadedAt, long refreshAfter, int failures) {
            super(value, loadedAt);
            this.refreshAfter = refreshAfter;
            this.failures = failures;
        }

        @Override
        public long refreshAfter() {
            return refreshAfter;
        }

        @Override
        public int failures() {
            return failures;
        }

        @Override
        public Entry<V> showing(@Nullable V other) {
            return new Refreshing<>(other, loadedAt(), refreshAfter, failures);
        }
    }
}
