package io.crmux.api;

import io.crmux.gateway.Cached;
import io.crmux.gateway.ContactTags;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is answered of a contact's tags, and the headers that tell where it came from. Written by hand, since every page view asks for it. */
final class TagsReply {

    private static final CharSequence CACHE_STATUS = HttpHeaders.createOptimized("cache-status");
    private static final CharSequence PRIVATE = HttpHeaders.createOptimized("private, no-cache");
    private static final long FIRST_FACTOR = 0xbf58476d1ce4e5b9L;
    private static final long SECOND_FACTOR = 0x94d049bb133111ebL;
    private static final String HEX = "0123456789abcdef";

    private TagsReply() {}

    /** {@code {"id":"42","tags":["customer"]}}. */
    static Buffer body(ContactTags contact) {
        StringBuilder json = new StringBuilder(64).append("{\"id\":");
        string(json, contact.id());
        json.append(",\"tags\":[");
        List<String> tags = contact.tags();
        for (int i = 0; i < tags.size(); i++) {
            if (i > 0) {
                json.append(',');
            }
            string(json, tags.get(i));
        }
        return Buffer.buffer(json.append("]}").toString());
    }

    private static void string(StringBuilder json, @Nullable String text) {
        if (text == null) {
            json.append("null");
            return;
        }
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                json.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    json.append(HEX.charAt(c >> shift & 0xf));
                }
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    /** Strong: equal for the same contact with the same tags, in whatever order they stand. */
    static String etag(ContactTags contact) {
        long sum = contact.id() == null ? 1 : mix(hash(contact.id()) * SECOND_FACTOR);
        List<String> tags = contact.tags();
        for (int i = 0; i < tags.size(); i++) {
            sum += mix(hash(tags.get(i)));
        }
        StringBuilder etag = new StringBuilder(18).append('"');
        for (int shift = 60; shift >= 0; shift -= 4) {
            etag.append(HEX.charAt((int) (sum >>> shift & 0xf)));
        }
        return etag.append('"').toString();
    }

    private static long hash(String text) {
        long hash = text.length();
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FIRST_FACTOR;
        }
        return hash;
    }

    private static long mix(long hash) {
        long mixed = (hash ^ hash >>> 30) * FIRST_FACTOR;
        mixed = (mixed ^ mixed >>> 27) * SECOND_FACTOR;
        return mixed ^ mixed >>> 31;
    }

    /** Tells where an answer came from and how old it is (RFC 9211). */
    static void provenance(MultiMap headers, Cached<?> read) {
        headers.set(HttpHeaders.CACHE_CONTROL, PRIVATE);
        headers.set(HttpHeaders.AGE, Long.toString(read.ageMillis() / 1000));
        StringBuilder status = new StringBuilder("crmux; ");
        if (read.hit()) {
            status.append("hit; ttl=").append(Math.floorDiv(read.ttlMillis(), 1000L));
        } else {
            status.append("fwd=miss");
            if (read.collapsed()) {
                status.append("; collapsed");
            }
        }
        if (read.crmUnavailable()) {
            status.append("; detail=crm-unavailable");
        }
        headers.set(CACHE_STATUS, status.toString());
    }
}
