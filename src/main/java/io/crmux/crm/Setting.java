package io.crmux.crm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One setting of a connection.
 *
 * @param name as in the configuration, without vendor prefix: url, key, token, account, list
 * @param secret never shown, logged or answered
 * @param fallback the value when it is left out; null where there is none
 * @param choices the values of a {@link Type#CHOICE}
 * @param about one sentence for the operator
 */
public record Setting(
        String name,
        Type type,
        boolean required,
        boolean secret,
        @Nullable String fallback,
        List<String> choices,
        String about) {

    /** How a setting's value is written. */
    public enum Type {
        TEXT,
        /** http or https, without query; a trailing slash is dropped. */
        URL,
        /** A whole number, not negative. */
        INTEGER,
        /** {@code 200ms}, {@code 15m}. */
        DURATION,
        /** {@code 5/s}, {@code 100/10s}. */
        RATE,
        /** From 0.0 to 1.0. */
        FRACTION,
        CHOICE,
        FLAG
    }

    /** A setting that must be given. */
    public static Setting required(String name, Type type, String about) {
        return new Setting(name, type, true, false, null, List.of(), about);
    }

    /** A secret that must be given. */
    public static Setting secret(String name, String about) {
        return new Setting(name, Type.TEXT, true, true, null, List.of(), about);
    }

    /** A secret that may be left out. */
    public static Setting optionalSecret(String name, String about) {
        return new Setting(name, Type.TEXT, false, true, null, List.of(), about);
    }

    /** A setting that may be left out. */
    public static Setting optional(String name, Type type, @Nullable String fallback, String about) {
        return new Setting(name, type, false, false, fallback, List.of(), about);
    }
}
