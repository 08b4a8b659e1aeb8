package io.crmux.api;

import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A request's {@code Prefer} (RFC 7240). What is not understood is ignored.
 *
 * @param waitSeconds how long the caller waits; null when he does not say
 * @param respondAsync whether the caller would rather not wait, but for the time that he says
 */
record Preferences(@Nullable Integer waitSeconds, boolean respondAsync) {

    private static final CharSequence PREFER = HttpHeaders.createOptimized("prefer");
    private static final int LONGEST_SECONDS = 60;
    private static final Preferences NONE = new Preferences(null, false);

    /** Those of a request. */
    static Preferences of(Exchange exchange) {
        return exchange.header(PREFER) == null
                ? NONE
                : parse(String.join(",", exchange.request().headers().getAll(PREFER)));
    }

    /** The first of equal preferences counts. */
    static Preferences parse(String header) {
        if (header.isEmpty()) {
            return NONE;
        }
        Integer wait = null;
        boolean async = false;
        for (String preference : header.split(",")) {
            String text = preference.trim();
            if (wait == null && text.matches("(?i)wait\\s*=\\s*\"?\\d{1,9}\"?")) {
                wait = Math.min(LONGEST_SECONDS, Integer.parseInt(text.replaceAll("\\D", "")));
            }
            async |= text.equalsIgnoreCase("respond-async");
        }
        return new Preferences(wait, async);
    }

    long waitMillis(long otherwise) {
        return waitSeconds == null ? otherwise : waitSeconds * 1000L;
    }
}
