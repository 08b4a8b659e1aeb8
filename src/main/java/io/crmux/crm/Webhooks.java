package io.crmux.crm;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A CRM that tells by itself that contacts have changed. */
public interface Webhooks {

    /** The query parameter that carries the secret of those who do not sign. */
    String SECRET = "secret";

    /**
     * Reads what somebody has sent who says to be the CRM. Makes no call.
     *
     * @return the contacts that it tells of; empty when it tells of something else
     * @throws CrmException of kind {@link CrmException.Kind#UNAUTHORIZED} when it is not signed as the connection's settings want it, or too long ago, and
     *     {@link CrmException.Kind#INVALID} when it is signed and cannot be read
     */
    List<Changed> read(Notice notice);

    /**
     * A contact that has changed.
     *
     * @param contact its id, its address or both
     * @param before its id or address until now, where they have changed; null where they have not, or it is not told
     * @param tags all its tags; null where they are not told
     */
    record Changed(
            Contact contact,
            @Nullable Contact before,
            @Nullable Set<Tag> tags) {}

    /**
     * What was sent.
     *
     * @param method of the request, in upper case
     * @param url as the CRM knows it, from the scheme to the query
     * @param millis when it came, since 1970
     */
    record Notice(String method, String url, MultiMap headers, Buffer body, long millis) {

        /** A header's value; empty when it is missing. */
        public String header(String name) {
            String value = headers.get(name);
            return value == null ? "" : value;
        }

        public JsonObject json() {
            try {
                return new JsonObject(body);
            } catch (DecodeException | ClassCastException e) {
                throw CrmException.of(CrmException.Kind.INVALID, "the notice is not a JSON object", null);
            }
        }

        public JsonArray array() {
            try {
                return new JsonArray(body);
            } catch (DecodeException | ClassCastException e) {
                throw CrmException.of(CrmException.Kind.INVALID, "the notice is not a JSON array", null);
            }
        }

        /** The fields of a form; of several with one name, the last. */
        public Map<String, String> form() {
            return decoded(body.toString());
        }

        /**
         * For CRMs that do not sign: the address that they were given holds the secret.
         *
         * @param secret what the settings say; null when nothing, and then nobody is believed
         */
        public void requireSecret(@Nullable String secret) {
            int query = url.indexOf('?');
            String given = query < 0 ? null : decoded(url.substring(query + 1)).get(SECRET);
            if (secret == null || given == null || !Hmac.same(secret, given)) {
                throw refused("the secret is missing or wrong");
            }
        }

        /** Refuses a time that is more than five minutes off: what was sent long ago may have been overheard. */
        public void requireRecent(long sentMillis) {
            if (Math.abs(millis - sentMillis) > 5 * 60_000) {
                throw refused("the notice was signed too long ago");
            }
        }

        /** Refuses a notice whose signature is not the one that its secret makes. */
        public void requireSignature(String expected, String given) {
            if (!Hmac.same(expected, given)) {
                throw refused("the signature is missing or wrong");
            }
        }

        private static CrmException refused(String why) {
            return CrmException.of(CrmException.Kind.UNAUTHORIZED, why, null);
        }

        private static Map<String, String> decoded(String form) {
            Map<String, String> fields = new LinkedHashMap<>();
            try {
                for (String pair : form.split("&")) {
                    int equals = pair.indexOf('=');
                    if (equals > 0) {
                        fields.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
                    }
                }
            } catch (IllegalArgumentException e) {
                throw CrmException.of(CrmException.Kind.INVALID, "the notice is not a form", null);
            }
            return fields;
        }

        private static String decode(String text) {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }
    }
}
