package io.crmux.api;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** Names requests: by the name that the client gave, if it is a sane one, else by one of ours. One for each thread. */
final class RequestIds {

    private static final int LONGEST = 64;
    private static final int RADIX = 36;
    /** Of the greatest number. */
    private static final int MOST_DIGITS = 13;

    private final String prefix = Long.toString(new SecureRandom().nextLong() >>> 24, RADIX) + "-";
    /** Filled from its end, again for each name: a name takes no more of the heap than itself. */
    private final byte[] digits = new byte[prefix.length() + MOST_DIGITS];

    private long next;

    String of(@Nullable String given) {
        return given != null && isSane(given) ? given : ours();
    }

    private String ours() {
        int begin = digits.length;
        long left = next++;
        do {
            digits[--begin] = (byte) Character.forDigit((int) (left % RADIX), RADIX);
            left /= RADIX;
        } while (left > 0);
        for (int i = prefix.length() - 1; i >= 0; i--) {
            digits[--begin] = (byte) prefix.charAt(i);
        }
        return new String(digits, begin, digits.length - begin, StandardCharsets.ISO_8859_1);
    }

    private static boolean isSane(String given) {
        if (given.isEmpty() || given.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < given.length(); i++) {
            char c = given.charAt(i);
            boolean sane =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "._-".indexOf(c) >= 0;
            if (!sane) {
                return false;
            }
        }
        return true;
    }
}
