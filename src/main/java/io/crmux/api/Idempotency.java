package io.crmux.api;

import io.crmux.crm.Sha256;
import io.crmux.gateway.RequestKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A write's {@code Idempotency-Key} (draft-ietf-httpapi-idempotency-key-header): a string as in structured fields (RFC 9651), or the same characters without
 * quotes.
 */
final class Idempotency {

    private static final CharSequence HEADER = HttpHeaders.createOptimized("idempotency-key");
    private static final Pattern QUOTED = Pattern.compile("\"((?:[!#-\\[\\]-~]|\\\\[\"\\\\])*)\"");
    private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");
    private static final Pattern VISIBLE = Pattern.compile("[!-~]{1,255}");

    private Idempotency() {}

    /** What makes a repetition of this write known; null when it has no key. The body must have been read. */
    static @Nullable RequestKey of(Exchange exchange, Visit visit) {
        if (exchange.header(HEADER) == null) {
            return null;
        }
        String key = parse(exchange.request().headers().getAll(HEADER));
        return key == null ? null : new RequestKey(exchange.keyName(), key, fingerprint(exchange, visit));
    }

    /** The key in a header that was given so many times; null when it was not. */
    static @Nullable String parse(List<String> given) {
        if (given.isEmpty()) {
            return null;
        }
        String text = given.get(0).trim();
        Matcher quoted = QUOTED.matcher(text);
        String key = quoted.matches() ? ESCAPED.matcher(quoted.group(1)).replaceAll("$1") : text;
        boolean halfQuoted = text.startsWith("\"") && !quoted.matches();
        if (given.size() > 1 || halfQuoted || !VISIBLE.matcher(key).matches()) {
            throw Problem.malformed(
                            "the header Idempotency-Key must be one string of 1 to 255 visible ASCII characters")
                    .failure();
        }
        return key;
    }

    /** No part can have a NUL in it but the body, which is the last: so different requests are different here, too. */
    private static String fingerprint(Exchange exchange, Visit visit) {
        String query = exchange.request().query();
        String head = String.join(
                "\0",
                visit.method().name(),
                visit.route().connection(),
                visit.route().resource().template(),
                visit.route().argument(),
                query == null ? "" : query,
                "");
        MessageDigest sha256 = Sha256.digest();
        sha256.update(head.getBytes(StandardCharsets.UTF_8));
        Buffer body = exchange.arrived();
        return HexFormat.of().formatHex(sha256.digest(body.getBytes()));
    }
}
