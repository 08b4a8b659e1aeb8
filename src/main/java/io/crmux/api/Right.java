package io.crmux.api;

import java.util.Locale;

/** What a key may do. */
public enum Right {
    READ,
    WRITE,
    ADMIN;

    private final String word = name().toLowerCase(Locale.ROOT);

    @Override
    public String toString() {
        return word;
    }
}
