package io.crmux.api;

import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
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
        if (hasTwoHosts(request.headers())) {
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

    /** Vert.x would make a list of them for each request. Its headers are Netty's. */
    private static boolean hasTwoHosts(MultiMap headers) {
        int hosts = 0;
        var lines = ((io.netty.handler.codec.http.HttpHeaders) headers).iteratorCharSequence();
        while (lines.hasNext()) {
            if (AsciiString.contentEqualsIgnoreCase(
                    HttpHeaders.HOST, lines.next().getKey())) {
                hosts++;
            }
        }
        return hosts > 1;
    }
}
