package io.crmux.api;

import io.crmux.gateway.Freshness;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads a request's {@code Cache-Control}. What it does not know it ignores, as RFC 9111 wants. */
final class CacheControl {

    private CacheControl() {}

    static Freshness parse(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return Freshness.ANY;
        }
        long maxAge = Long.MAX_VALUE;
        long maxStale = Long.MAX_VALUE;
        boolean noCache = false;
        boolean onlyIfCached = false;
        for (String directive : header.split(",")) {
            String name = directive.trim().toLowerCase(Locale.ROOT);
            if (name.equals("no-cache")) {
                noCache = true;
            } else if (name.equals("only-if-cached")) {
                onlyIfCached = true;
            } else if (name.startsWith("max-age=")) {
                maxAge = millis(name);
            } else if (name.startsWith("max-stale=")) {
                maxStale = millis(name);
            }
        }
        return new Freshness(maxAge, maxStale, noCache, onlyIfCached);
    }

    private static long millis(String directive) {
        String seconds = directive
                .substring(directive.indexOf('=') + 1)
                .replace("\"", "")
                .trim();
        if (!seconds.matches("\\d{1,10}")) {
            throw Problem.malformed("Cache-Control: " + directive + " must have a number of seconds")
                    .failure();
        }
        return Long.parseLong(seconds) * 1000;
    }
}
