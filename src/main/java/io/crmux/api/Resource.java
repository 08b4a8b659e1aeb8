package io.crmux.api;

import static io.crmux.api.Right.ADMIN;
import static io.crmux.api.Right.READ;
import static io.crmux.api.Right.WRITE;

import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What has an address below {@code /v1/{connection}}, the methods that it has, and the right that each of them needs. */
enum Resource {
    CONNECT("/connect", Map.of(HttpMethod.GET, ADMIN, HttpMethod.POST, ADMIN)),
    TAGS("/tags", Map.of(HttpMethod.GET, READ, HttpMethod.POST, WRITE)),
    FIELDS("/fields", Map.of(HttpMethod.GET, READ)),
    LISTS("/lists", Map.of(HttpMethod.GET, READ)),
    CONTACTS("/contacts", Map.of(HttpMethod.GET, READ, HttpMethod.POST, WRITE), "tag", "limit", "cursor"),
    CONTACT(
            "/contacts/{contact}",
            Map.of(HttpMethod.GET, READ, HttpMethod.PATCH, WRITE, HttpMethod.DELETE, WRITE),
            "map_meta_fields"),
    CONTACT_ID("/contacts/{contact}/id", Map.of(HttpMethod.GET, READ)),
    CONTACT_TAGS(
            "/contacts/{contact}/tags",
            Map.of(HttpMethod.GET, READ, HttpMethod.POST, WRITE, HttpMethod.PATCH, WRITE, HttpMethod.DELETE, WRITE),
            "tag"),
    CONTACT_EVENTS("/contacts/{contact}/events", Map.of(HttpMethod.POST, WRITE)),
    CONTACT_CACHE("/contacts/{contact}/cache", Map.of(HttpMethod.DELETE, ADMIN)),
    LOOKUP("/lookup", Map.of(HttpMethod.POST, READ)),
    OPERATIONS("/operations", Map.of(HttpMethod.GET, ADMIN), "state", "limit", "cursor"),
    OPERATION("/operations/{operation}", Map.of(HttpMethod.GET, READ)),
    DEAD_LETTERS("/dead", Map.of(HttpMethod.GET, ADMIN), "contact", "limit", "cursor"),
    DEAD_LETTERS_REPLAY("/dead/replay", Map.of(HttpMethod.POST, ADMIN)),
    DEAD_LETTER("/dead/{operation}", Map.of(HttpMethod.GET, ADMIN, HttpMethod.DELETE, ADMIN)),
    DEAD_LETTER_REPLAY("/dead/{operation}/replay", Map.of(HttpMethod.POST, ADMIN)),
    BUDGET("/budget", Map.of(HttpMethod.GET, READ)),
    CACHE("/cache", Map.of(HttpMethod.DELETE, ADMIN));

    private final String template;
    private final Map<HttpMethod, Right> rights;
    private final Set<String> query;

    Resource(String path, Map<HttpMethod, Right> rights, String... query) {
        this.template = "/v1/{connection}" + path;
        this.rights = new LinkedHashMap<>(rights);
        this.query = Set.of(query);
    }

    /** The path with names in braces, for logs and metrics. */
    String template() {
        return template;
    }

    /** The parameters that its query may have. */
    Set<String> query() {
        return query;
    }

    /** The right that a method needs; null when it has no such method. */
    @Nullable
    Right right(HttpMethod method) {
        return rights.get(method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method);
    }

    /** Its methods, as in the header {@code Allow}. */
    String allow() {
        String methods = String.join(
                ", ", rights.keySet().stream().map(HttpMethod::name).sorted().toList());
        return rights.containsKey(HttpMethod.GET) ? methods + ", HEAD, OPTIONS" : methods + ", OPTIONS";
    }
}
