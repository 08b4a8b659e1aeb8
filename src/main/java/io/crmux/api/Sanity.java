package io.crmux.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what no honest client sends and what servers and proxies are known to understand differently, so that nobody can smuggle a request past one of
 * them. The HTTP decoder has refused the rest before.
 */
final class Sanity {

    private Sanity() {}

    /** What is wrong with the request, in words; null when nothing is. */
    static @Nullable String fault(HttpServerRequest request) {
        String uri = request.uri();
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c <= ' ' || c > '~') {
                return "the address must be percent-encoded ASCII";
            }
        }
        if (uri.indexOf("%00") >= 0) {
            return "the address must not have a NUL in it";
        }
        if (request.headers().getAll(HttpHeaders.HOST).size() > 1) {
            return "there must be one Host";
        }
        String encoding = request.headers().get(HttpHeaders.TRANSFER_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("chunked")) {
            return "the only Transfer-Encoding is chunked";
        }
        if (request.headers().contains("")) {
            return "a header must have a name";
        }
        return null;
    }
}
