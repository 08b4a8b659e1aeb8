package io.crmux.api;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** Names requests: by the name that the client gave, if it is a sane one, else by one of ours. One for each thread. */
final class RequestIds {

    private static final int LONGEST = 64;
    private static final int RADIX = 36;

    private final String prefix = Long.toString(new SecureRandom().nextLong() >>> 24, RADIX) + "-";
    private long next;

    String of(@Nullable String given) {
        return given != null && isSane(given) ? given : prefix + Long.toString(next++, RADIX);
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
