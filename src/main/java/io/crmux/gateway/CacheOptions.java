package io.crmux.gateway;

import java.time.Duration;

/**
 * How long a connection's answers are good.
 *
 * @param fresh younger than this: from memory
 * @param stale up to this age: from memory, with a refresh behind it
 * @param missing how long "no such contact" is remembered
 */
public record CacheOptions(Duration fresh, Duration stale, Duration missing) {

    public static final Duration DEFAULT_FRESH = Duration.ofMinutes(15);
    public static final Duration DEFAULT_STALE = Duration.ofHours(24);
    public static final Duration DEFAULT_MISSING = Duration.ofMinutes(1);

    public static CacheOptions defaults() {
        return new CacheOptions(DEFAULT_FRESH, DEFAULT_STALE, DEFAULT_MISSING);
    }
}
