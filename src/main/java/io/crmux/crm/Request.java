package io.crmux.crm;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request to a CRM. Immutable: each method answers a changed copy.
 *
 * @param base scheme, host and, where the vendor has one, path prefix: {@code https://acme.api-us1.com}; or with the name of what was learned when the
 *     connection was connected, {@code {instance_url}/services}: see {@link OAuth#learning}
 * @param template the path with names in braces, so that logs and metrics show neither ids nor addresses: {@code /api/3/contacts/{id}}
 * @param path the path with its values, percent-encoded
 * @param query names and values, not encoded yet
 * @param bucket which of the account's limits it counts against: {@link Limit#ORDINARY} for most
 * @param cost how many calls it counts as, for CRMs where some cost more: 1 for most
 * @param repeatable whether sending it twice does no harm, when it is not known if the first one arrived
 */
public record Request(
        HttpMethod method,
        String base,
        String template,
        String path,
        List<Pair> query,
        List<Pair> headers,
        @Nullable Buffer body,
        String bucket,
        int cost,
        boolean repeatable) {

    private static final Pattern NAME = Pattern.compile("\\{([^}]*)}");

    /** A name with its value. */
    public record Pair(String name, String value) {}

    public Request {
        query = List.copyOf(query);
        headers = List.copyOf(headers);
    }

    /** A request that reads: repeatable. */
    public static Request get(String base, String template) {
        return of(HttpMethod.GET, base, template, true);
    }

    /** A request that creates or does something: not repeatable, unless {@link #repeatable()} says so. */
    public static Request post(String base, String template) {
        return of(HttpMethod.POST, base, template, false);
    }

    /** A request that sets something: repeatable. */
    public static Request put(String base, String template) {
        return of(HttpMethod.PUT, base, template, true);
    }

    /** A request that sets parts of something: repeatable. */
    public static Request patch(String base, String template) {
        return of(HttpMethod.PATCH, base, template, true);
    }

    /** A request that deletes: repeatable. */
    public static Request delete(String base, String template) {
        return of(HttpMethod.DELETE, base, template, true);
    }

    private static Request of(HttpMethod method, String base, String template, boolean repeatable) {
        return new Request(method, base, template, template, List.of(), List.of(), null, Limit.ORDINARY, 1, repeatable);
    }

    /** Puts a value, percent-encoded, in place of a name in the path. */
    public Request with(String name, String value) {
        String place = "{" + name + "}";
        if (!path.contains(place)) {
            throw new IllegalArgumentException("no " + place + " in " + template);
        }
        return new Request(
                method,
                base,
                template,
                path.replace(place, encode(value)),
                query,
                headers,
                body,
                bucket,
                cost,
                repeatable);
    }

    /**
     * Puts settings in place of names in the base.
     *
     * @throws CrmException when there is no such setting
     */
    public Request basedOn(Settings settings) {
        if (base.indexOf('{') < 0) {
            return this;
        }
        String filled = NAME.matcher(base)
                .replaceAll(name -> Matcher.quoteReplacement(settings.find(name.group(1))
                        .map(Request::withoutSlash)
                        .orElseThrow(() -> CrmException.unanswered(
                                CrmException.Kind.UNAVAILABLE, "the CRM has not told its " + name.group(1), false))));
        return new Request(method, filled, template, path, query, headers, body, bucket, cost, repeatable);
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /** Adds a query parameter; the same name may come several times. */
    public Request query(String name, String value) {
        return new Request(
                method,
                base,
                template,
                path,
                plus(query, new Pair(name, value)),
                headers,
                body,
                bucket,
                cost,
                repeatable);
    }

    /** Adds a header. */
    public Request header(String name, String value) {
        return new Request(
                method,
                base,
                template,
                path,
                query,
                plus(headers, new Pair(name, value)),
                body,
                bucket,
                cost,
                repeatable);
    }

    /** Sets a JSON body with its media type. */
    public Request json(JsonObject json) {
        return body("application/json", json.toBuffer());
    }

    /** Sets a form-encoded body with its media type. */
    public Request form(List<Pair> form) {
        return body("application/x-www-form-urlencoded", Buffer.buffer(encode(form)));
    }

    /** Sets a body with its media type. */
    public Request body(String mediaType, Buffer bytes) {
        return new Request(
                method,
                base,
                template,
                path,
                query,
                plus(headers, new Pair("content-type", mediaType)),
                bytes,
                bucket,
                cost,
                repeatable);
    }

    /** Counts against another of the account's limits. */
    public Request bucket(String name) {
        return new Request(method, base, template, path, query, headers, body, name, cost, repeatable);
    }

    /** Counts as so many calls. */
    public Request cost(int calls) {
        return new Request(method, base, template, path, query, headers, body, bucket, calls, repeatable);
    }

    /** Says that sending it twice does no harm. */
    public Request asRepeatable() {
        return new Request(method, base, template, path, query, headers, body, bucket, cost, true);
    }

    /** The address as it goes on the wire. May hold secrets: not for logs. */
    public String uri() {
        return base + path + (query.isEmpty() ? "" : "?" + encode(query));
    }

    private static String encode(List<Pair> pairs) {
        StringBuilder encoded = new StringBuilder();
        for (Pair pair : pairs) {
            encoded.append(encoded.isEmpty() ? "" : "&")
                    .append(encode(pair.name()))
                    .append('=')
                    .append(encode(pair.value()));
        }
        return encoded.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static List<Pair> plus(List<Pair> pairs, Pair pair) {
        List<Pair> more = new ArrayList<>(pairs);
        more.add(pair);
        return more;
    }
}
