package io.crmux.gateway;

import java.util.Locale;
import java.util.Optional;

/**
 * An e-mail address.
 *
 * @param key trimmed and in lower case: equal addresses have equal keys
 * @param written as the site wrote it, trimmed: what goes on the wire
 */
public record Address(String key, String written) {

    /** The rule, for messages about what breaks it. */
    public static final String RULE =
            "an e-mail address: one @ between a local part and a domain, at most 254 characters, no blanks or control characters";

    private static final int LONGEST = 254;

    private static final char DELETE = 127;

    /** An address that keeps the {@link #RULE}, trimmed. */
    public Address(String written) {
        this(key(written), written);
    }

    /** The key of an address that keeps the {@link #RULE}, trimmed. */
    public static String key(String written) {
        return written.toLowerCase(Locale.ROOT);
    }

    /** Reads an address; empty when the text breaks the {@link #RULE}. */
    public static Optional<Address> parse(String text) {
        String written = text.trim();
        int at = written.indexOf('@');
        boolean good = at > 0
                && at < written.length() - 1
                && written.indexOf('@', at + 1) < 0
                && written.length() <= LONGEST
                && !hasBlankOrControl(written);
        return good ? Optional.of(new Address(written)) : Optional.empty();
    }

    private static boolean hasBlankOrControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isCommon = c > ' ' && c < DELETE;
            if (!isCommon && (Character.isWhitespace(c) || Character.isSpaceChar(c) || Character.isISOControl(c))) {
                return true;
            }
        }
        return false;
    }

    /** Addresses that differ in case are one. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Address address && address.key.equals(key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    /** Nothing of it: addresses do not belong in logs. */
    @Override
    public String toString() {
        return "(address)";
    }
}
