package io.crmux.api;

import io.crmux.gateway.Cached;
import io.crmux.gateway.ContactTags;
import io.crmux.gateway.LookupRow;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is answered of contacts' tags, and the headers that tell where it came from. Written by hand, since every page view asks for it. */
final class TagsReply {

    private static final CharSequence CACHE_STATUS = HttpHeaders.createOptimized("cache-status");
    private static final CharSequence PRIVATE = HttpHeaders.createOptimized("private, no-cache");
    private static final long FIRST_FACTOR = 0xbf58476d1ce4e5b9L;
    private static final long SECOND_FACTOR = 0x94d049bb133111ebL;
    private static final String[] STATES = Arrays.stream(LookupRow.State.values())
            .map(state -> state.name().toLowerCase(Locale.ROOT))
            .toArray(String[]::new);

    private TagsReply() {}

    /** {@code {"id":"42","tags":["customer"]}}. */
    static Buffer body(ContactTags contact) {
        StringBuilder json = new StringBuilder(64).append("{\"id\":");
        JsonText.string(json, contact.id());
        json.append(",\"tags\":");
        JsonText.strings(json, contact.tags());
        return Buffer.buffer(json.append('}').toString());
    }

    /** {@code {"contacts":[{"email":"jane@example.com","id":"42","tags":["customer"],"state":"fresh"}]}}. */
    static Buffer body(List<LookupRow> rows) {
        StringBuilder json = new StringBuilder(32 + 128 * rows.size()).append("{\"contacts\":[");
        for (int i = 0; i < rows.size(); i++) {
            LookupRow row = rows.get(i);
            json.append(i == 0 ? "{\"email\":" : ",{\"email\":");
            JsonText.string(json, row.address().written());
            json.append(",\"id\":");
            JsonText.string(json, row.id());
            json.append(",\"tags\":");
            JsonText.strings(json, row.tags());
            json.append(",\"state\":\"").append(STATES[row.state().ordinal()]).append("\"}");
        }
        return Buffer.buffer(json.append("]}").toString());
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
            etag.append(JsonText.HEX.charAt((int) (sum >>> shift & 0xf)));
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
