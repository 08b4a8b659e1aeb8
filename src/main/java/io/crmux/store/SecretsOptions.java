package io.crmux.store;

import org.jspecify.annotations.Nullable;

/**
 * What stored secrets are encrypted with.
 *
 * @param key at least {@value #SHORTEST} characters that nobody can guess
 * @param previous the one before: what it encrypted is read, and encrypted anew; null for none
 */
public record SecretsOptions(String key, @Nullable String previous) {

    public static final int SHORTEST = 32;

    /** Nothing: both are secret. */
    @Override
    public String toString() {
        return "SecretsOptions";
    }
}
