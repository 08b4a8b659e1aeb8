package io.crmux.gateway.load;

import io.crmux.gateway.Cached;
import org.jspecify.annotations.Nullable;

/**
 * What was read, and where it came from.
 *
 * @param value null when the CRM has no such thing
 * @param ageMillis since its load began
 * @param ttlMillis until it is stale; negative when it is
 */
public record Read<V>(
        @Nullable V value, boolean hit, boolean collapsed, long ageMillis, long ttlMillis, boolean crmUnavailable) {

    /** The same with what a site is to see in place of what is kept. */
    public <T> Cached<T> showing(T shown) {
        return new Cached<>(shown, hit, collapsed, ageMillis, ttlMillis, crmUnavailable);
    }

    /** The same, as old and as doubtful as another read that it rests on. */
    public Read<V> restingOn(Read<?> other) {
        return new Read<>(
                value,
                hit && other.hit,
                collapsed || other.collapsed,
                Math.max(ageMillis, other.ageMillis),
                Math.min(ttlMillis, other.ttlMillis),
                crmUnavailable || other.crmUnavailable);
    }
}
