package io.crmux.api;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads what a client takes. */
final class Accept {

    private static final String LINES = "application/x-ndjson";

    private Accept() {}

    /** Whether it asks for one JSON object a line. */
    static boolean prefersLines(@Nullable String header) {
        return header != null && header.toLowerCase(Locale.ROOT).contains(LINES);
    }

    /** Whether it takes JSON at all. */
    static boolean takesJson(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return true;
        }
        for (String range : header.toLowerCase(Locale.ROOT).split(",")) {
            int parameters = range.indexOf(';');
            String type = (parameters < 0 ? range : range.substring(0, parameters)).trim();
            boolean refused = range.matches(".*;\\s*q=0(\\.0*)?\\s*");
            if (!refused
                    && (type.equals("*/*")
                            || type.equals("application/*")
                            || type.equals("application/json")
                            || type.equals("application/problem+json")
                            || type.equals(LINES))) {
                return true;
            }
        }
        return false;
    }
}
