package io.crmux.api;

import org.jspecify.annotations.Nullable;

/**
 * A request's {@code Prefer} (RFC 7240). What is not understood is ignored.
 *
 * @param waitSeconds how long the caller waits; null when he does not say
 */
record Preferences(@Nullable Integer waitSeconds) {

    private static final int LONGEST_SECONDS = 60;

    static Preferences parse(@Nullable String header) {
        if (header == null) {
            return new Preferences(null);
        }
        for (String preference : header.split(",")) {
            String text = preference.trim();
            if (text.matches("(?i)wait\\s*=\\s*\"?\\d{1,9}\"?")) {
                int seconds = Integer.parseInt(text.replaceAll("\\D", ""));
                return new Preferences(Math.min(LONGEST_SECONDS, seconds));
            }
        }
        return new Preferences(null);
    }

    long waitMillis(long otherwise) {
        return waitSeconds == null ? otherwise : waitSeconds * 1000L;
    }
}
