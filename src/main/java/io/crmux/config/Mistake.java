package io.crmux.config;

/**
 * One thing that is wrong with a configuration.
 *
 * @param line in the file, from 1
 * @param key the way to it: {@code connections.main.cache.fresh}
 * @param problem what was expected, and what was found unless it may be a secret
 */
public record Mistake(int line, String key, String problem) {

    @Override
    public String toString() {
        return "line " + line + ": " + (key.isEmpty() ? "" : key + ": ") + problem;
    }
}
