package io.crmux.api;

import io.crmux.crm.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the key that a request carries. All hashes are compared, each in constant time, so that an answer's delay tells nothing. Most requests carry the
 * key of the request before: it is kept, and compared in constant time, too. One for each thread.
 */
final class Keys {

    private static final String SCHEME = "Bearer ";

    private final ApiKey[] keys;
    private final byte[][] hashes;
    private final MessageDigest sha256;
    private String lastHeader = "";
    private @Nullable ApiKey last;

    Keys(List<ApiKey> configured) {
        keys = configured.toArray(ApiKey[]::new);
        hashes = configured.stream()
                .map(key -> HexFormat.of().parseHex(key.sha256()))
                .toArray(byte[][]::new);
        sha256 = Sha256.digest();
    }

    /** The key; null when there is none, or none that is known. */
    @Nullable
    ApiKey find(@Nullable String authorization) {
        if (authorization == null) {
            return null;
        }
        ApiKey known = last;
        if (known != null && isEqual(authorization, lastHeader)) {
            return known;
        }
        ApiKey found = search(authorization);
        if (found != null) {
            lastHeader = authorization;
            last = found;
        }
        return found;
    }

    /** Looks at all characters, wherever the first difference is. */
    private static boolean isEqual(String given, String expected) {
        if (given.length() != expected.length()) {
            return false;
        }
        int difference = 0;
        for (int i = 0; i < given.length(); i++) {
            difference |= given.charAt(i) ^ expected.charAt(i);
        }
        return difference == 0;
    }

    private @Nullable ApiKey search(String authorization) {
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        byte[] token = authorization.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8);
        byte[] hash = sha256.digest(token);
        ApiKey found = null;
        for (int i = 0; i < keys.length; i++) {
            if (MessageDigest.isEqual(hash, hashes[i])) {
                found = keys[i];
            }
        }
        return found;
    }
}
