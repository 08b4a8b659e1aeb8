package io.crmux.crm;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of one connection, checked against the connector's {@link Descriptor#settings()}, with fallbacks filled in. Asking for a required or
 * filled-in setting cannot fail.
 */
public final class Settings {

    private final Map<String, String> values;

    /** @param values by setting name, in the notation of {@link Setting.Type} */
    public Settings(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    public Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public String text(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("no setting " + name));
    }

    /** Without a trailing slash. */
    public String url(String name) {
        String url = text(name).trim();
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    public int integer(String name) {
        return Integer.parseInt(text(name));
    }

    public double fraction(String name) {
        return Double.parseDouble(text(name));
    }

    public boolean flag(String name) {
        return Boolean.parseBoolean(text(name));
    }

    public Duration duration(String name) {
        return Quantities.duration(text(name));
    }

    /** Empty when it was left out. */
    public Optional<Limit> rate(String name) {
        return find(name).map(Quantities::rate);
    }

    /** The same, with others laid over them. */
    public Settings with(Map<String, String> others) {
        Map<String, String> all = new HashMap<>(values);
        all.putAll(others);
        return new Settings(all);
    }

    /** All of them, for telling accounts apart. Holds secrets. */
    public Map<String, String> values() {
        return values;
    }

    /** Names alone: the values may be secret. */
    @Override
    public String toString() {
        return "Settings" + values.keySet();
    }
}
