package io.crmux.upstream;

import io.crmux.crm.Loop;
import io.crmux.crm.Sha256;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Operators who are on the CRM's page. Each is known by a random word, the state, that works once and for ten minutes; who brings another is not the one who
 * was sent. Lives on the account's loop.
 */
final class Consents {

    private static final long VALID_NANOS = 600_000_000_000L;
    private static final int MOST = 20;
    private static final int BYTES = 32;

    private final Loop loop;
    private final String connection;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Consent> awaited = new LinkedHashMap<>();

    /**
     * What one operator was sent with.
     *
     * @param verifier the key that binds page and code together
     * @param callback where the CRM is to send the operator
     */
    record Consent(String state, String verifier, String callback, long until) {

        /** What is told on the page of the verifier (RFC 7636, S256). */
        String challenge() {
            return text(Sha256.of(verifier));
        }
    }

    Consents(Loop loop, String connection) {
        this.loop = loop;
        this.connection = connection;
    }

    /** The connection's name is in the state, so that it is known where to look for it. */
    Consent begin(String callback) {
        awaited.values().removeIf(consent -> consent.until() < loop.nanos());
        if (awaited.size() == MOST) {
            awaited.remove(awaited.keySet().iterator().next());
        }
        Consent consent = new Consent(connection + "." + secret(), secret(), callback, loop.nanos() + VALID_NANOS);
        awaited.put(consent.state(), consent);
        return consent;
    }

    /** The consent that a state is for; null when none is, or not any more. */
    @Nullable
    Consent take(@Nullable String state) {
        Consent consent = state == null ? null : awaited.remove(state);
        return consent == null || consent.until() < loop.nanos() ? null : consent;
    }

    private String secret() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return text(bytes);
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
