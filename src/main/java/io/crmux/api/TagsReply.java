package io.crmux.api;

import io.crmux.gateway.Cached;
import io.crmux.gateway.KnownTags;
import io.crmux.gateway.LookupRow;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is answered of contacts' tags, and the headers that tell where it came from. Written by hand, since every page view asks for it. */
final class TagsReply {

    private static final CharSequence CACHE_STATUS = HttpHeaders.createOptimized("cache-status");
    private static final CharSequence PRIVATE = HttpHeaders.createOptimized("private, no-cache");
    private static final Decimals HIT = new Decimals("crmux; hit; ttl=");
    private static final long FIRST_FACTOR = 0xbf58476d1ce4e5b9L;
    private static final long SECOND_FACTOR = 0x94d049bb133111ebL;
    private static final String[] STATES = Arrays.stream(LookupRow.State.values())
            .map(state -> state.name().toLowerCase(Locale.ROOT))
            .toArray(String[]::new);

    private TagsReply() {}

    /** {@code {"id":"42","tags":["customer"]}}. */
    static Buffer body(@Nullable CharSequence id, List<String> tags) {
        return JsonText.begin()
                .raw("{\"id\":")
                .string(id)
                .raw(",\"tags\":")
                .strings(tags)
                .raw("}")
                .toBuffer();
    }

    /** {@code {"contacts":[{"email":"jane@example.com","id":"42","tags":["customer"],"state":"fresh"}]}}. */
    static Buffer body(List<LookupRow> rows) {
        JsonText json = JsonText.begin().raw("{\"contacts\":[");
        for (int i = 0; i < rows.size(); i++) {
            LookupRow row = rows.get(i);
            json.raw(i == 0 ? "{\"email\":" : ",{\"email\":")
                    .string(row.address().written())
                    .raw(",\"id\":")
                    .string(row.id())
                    .raw(",\"tags\":")
                    .strings(row.tags())
                    .raw(",\"state\":")
                    .string(STATES[row.state().ordinal()])
                    .raw("}");
        }
        return json.raw("]}").toBuffer();
    }

    /** Strong: equal for the same contact with the same tags, in whatever order they stand. */
    static String etag(@Nullable CharSequence id, List<String> tags) {
        long sum = id == null ? 1 : mix(hash(id) * SECOND_FACTOR);
        for (int i = 0; i < tags.size(); i++) {
            sum += mix(hash(tags.get(i)));
        }
        return JsonText.begin().raw("\"").hex(sum).raw("\"").toString();
    }

    private static long hash(CharSequence text) {
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

    /** Tells where an answer came from and how old it is (RFC 9211), in headers that say nothing of it yet. */
    static void provenance(MultiMap headers, Cached<?> read) {
        CharSequence miss = read.collapsed() ? "crmux; fwd=miss; collapsed" : "crmux; fwd=miss";
        provenance(headers, read.ageMillis(), read.hit() ? hit(read.ttlMillis()) : miss, read.crmUnavailable());
    }

    /** The same of what memory knows. */
    static void provenance(MultiMap headers, KnownTags known) {
        provenance(headers, known.ageMillis(), hit(known.ttlMillis()), known.crmUnavailable());
    }

    private static void provenance(MultiMap headers, long ageMillis, CharSequence status, boolean crmUnavailable) {
        headers.add(HttpHeaders.CACHE_CONTROL, PRIVATE);
        headers.add(HttpHeaders.AGE, Decimals.ALONE.of(ageMillis / 1000));
        headers.add(CACHE_STATUS, crmUnavailable ? status + "; detail=crm-unavailable" : status);
    }

    private static CharSequence hit(long ttlMillis) {
        return HIT.of(Math.floorDiv(ttlMillis, 1000L));
    }
}
