package io.crmux.gateway.load;

import io.crmux.gateway.CacheOptions;
import io.crmux.gateway.Freshness;

/** Decides what a loaded value is still good for. */
public final class Ages {

    /** What to do about a value. */
    public enum Use {
        /** Answer it. */
        FRESH,
        /** Answer it, and load it anew behind the answer. */
        STALE,
        /** Load it anew, and answer that. */
        TOO_OLD
    }

    private final long fresh;
    private final long stale;
    private final long missing;

    public Ages(CacheOptions options) {
        fresh = options.fresh().toMillis();
        stale = options.stale().toMillis();
        missing = options.missing().toMillis();
    }

    /** Until it is stale, in milliseconds; negative when it is. */
    public long ttl(Entry<?> entry, long now) {
        return (entry.value() == null ? missing : fresh) - age(entry, now);
    }

    /** The same of something that is there. */
    long ttl(long loadedAt, long now) {
        return fresh - age(loadedAt, now);
    }

    /** Since its load began, in milliseconds. */
    public static long age(Entry<?> entry, long now) {
        return age(entry.loadedAt(), now);
    }

    /** The same of what was loaded at a time. */
    public static long age(long loadedAt, long now) {
        return Math.max(0, now - loadedAt);
    }

    /** What a value is good for, for somebody who asks so. */
    public Use use(Entry<?> entry, Freshness asked, long now) {
        long age = age(entry, now);
        long ttl = ttl(entry, now);
        if (asked.noCache() || age > asked.maxAgeMillis()) {
            return Use.TOO_OLD;
        }
        if (ttl > 0) {
            return Use.FRESH;
        }
        return usableWhenStale(entry, asked, now) ? Use.STALE : Use.TOO_OLD;
    }

    /** Whether it may be answered though it is stale: that nobody has such a thing is not believed any longer than it is fresh. */
    public boolean usableWhenStale(Entry<?> entry, Freshness asked, long now) {
        return entry.value() != null
                && age(entry, now) <= Math.max(stale, fresh)
                && -ttl(entry, now) <= asked.maxStaleMillis();
    }
}
