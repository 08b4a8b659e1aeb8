package io.crmux.config;

import io.crmux.crm.Connector;
import io.crmux.crm.FieldTarget;
import io.crmux.crm.FieldType;
import io.crmux.crm.Limit;
import io.crmux.crm.OAuth;
import io.crmux.crm.Quantities;
import io.crmux.crm.Setting;
import io.crmux.crm.Settings;
import io.crmux.gateway.BatchOptions;
import io.crmux.gateway.CacheOptions;
import io.crmux.gateway.ConnectionOptions;
import io.crmux.upstream.Authorities;
import io.crmux.upstream.UpstreamOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the connections: what all have, and what the connector of each asks for. */
final class ConnectionReader {

    private static final int MOST_CONCURRENT = 1000;
    private static final int MOST_WAITING = 1_000_000;
    private static final String URLS = "urls.";
    private static final List<String> PROXIES = List.of("http", "socks5");

    private final List<Connector> connectors;
    private final @Nullable String authorities;
    private final boolean hasSecretsKey;

    /**
     * A reader.
     *
     * @param authorities that all connections trust which name no others; null for none
     * @param hasSecretsKey whether there is something to encrypt tokens with that must be stored
     */
    ConnectionReader(List<Connector> connectors, @Nullable String authorities, boolean hasSecretsKey) {
        this.hasSecretsKey = hasSecretsKey;
        this.connectors = connectors;
        this.authorities = authorities;
    }

    List<ConnectionConfig> read(Section all) {
        List<ConnectionConfig> connections = new ArrayList<>();
        for (String name : all.keys()) {
            if (!name.matches("[a-z][a-z0-9-]{0,31}")) {
                all.mistake(
                        name, "a connection's name has 1 to 32 lower-case letters, digits and hyphens, a letter first");
            }
            ConnectionConfig connection = read(name, all.section(name), all);
            if (connection != null) {
                connections.add(connection);
            }
        }
        cycles(connections, all);
        return connections;
    }

    private @Nullable ConnectionConfig read(String name, Section section, Section all) {
        Optional<Connector> connector = connector(section);
        Map<String, FieldTarget> fields = fields(section.section("fields"));
        CacheOptions cache = cache(section.section("cache"));
        BatchOptions batch = batch(section.section("batch"));
        Section limit = section.section("limit");
        int waiting = (int) limit.number("waiting", 1, MOST_WAITING, ConnectionOptions.DEFAULT_WAITING);
        UpstreamOptions upstream = upstream(section, limit);
        ConnectionOptions.Mode mode = section.read("mode", ConnectionOptions.Mode.LIVE, ConnectionReader::mode);
        List<String> mirrors = mirrors(name, section, all);
        if (connector.isEmpty()) {
            return null;
        }
        Settings settings = new SettingReader(section).read(connector.get().descriptor());
        ConnectionConfig connection = new ConnectionConfig(
                name, connector.get(), settings, fields, cache, batch, upstream, waiting, mode, mirrors);
        if (!hasSecretsKey && areWhole(connector.get(), settings) && connection.needsOperator()) {
            section.mistake(
                    OAuth.CLIENT_ID,
                    "needs secrets.key, with which the token of this connection is encrypted where it is stored");
        }
        section.end();
        return connection;
    }

    /** Of settings that are not whole nothing can be said. */
    private static boolean areWhole(Connector connector, Settings settings) {
        return connector.descriptor().settings().stream()
                .allMatch(setting ->
                        !setting.required() || settings.find(setting.name()).isPresent());
    }

    private Optional<Connector> connector(Section section) {
        String slug = section.text("crm");
        if (slug == null) {
            if (!section.has("crm")) {
                section.mistake("crm", "is required: one of " + String.join(", ", slugs()));
            }
            return Optional.empty();
        }
        Optional<Connector> found = connectors.stream()
                .filter(connector -> connector.descriptor().slug().equals(slug))
                .findFirst();
        if (found.isEmpty()) {
            section.mistake("crm", "unknown CRM " + slug + "; " + Nearest.guess(slug, slugs()));
        }
        return found;
    }

    private List<String> slugs() {
        return connectors.stream()
                .map(connector -> connector.descriptor().slug())
                .sorted()
                .toList();
    }

    private static ConnectionOptions.Mode mode(String word) {
        return switch (word) {
            case "live" -> ConnectionOptions.Mode.LIVE;
            case "staging" -> ConnectionOptions.Mode.STAGING;
            default -> throw new IllegalArgumentException("expected live or staging");
        };
    }

    private static List<String> mirrors(String own, Section section, Section all) {
        Set<String> mirrors = new LinkedHashSet<>();
        for (String name : section.texts("mirror", true)) {
            if (!all.keys().contains(name)) {
                section.mistake("mirror", "there is no connection " + name + "; " + Nearest.guess(name, all.keys()));
            } else if (name.equals(own)) {
                section.mistake("mirror", "a connection cannot mirror itself");
            } else if (!mirrors.add(name)) {
                section.mistake("mirror", name + " stands here twice");
            }
        }
        return List.copyOf(mirrors);
    }

    /** Tells of every connection from which mirrors lead back to itself. */
    private static void cycles(List<ConnectionConfig> connections, Section all) {
        Map<String, List<String>> mirrors = new LinkedHashMap<>();
        connections.forEach(connection -> mirrors.put(connection.name(), connection.mirrors()));
        for (String start : mirrors.keySet()) {
            List<String> path = pathBack(start, start, mirrors, new LinkedHashSet<>());
            if (!path.isEmpty()) {
                all.section(start)
                        .mistake(
                                "mirror",
                                "mirrors go round in a circle: " + start + " -> " + String.join(" -> ", path));
            }
        }
    }

    private static List<String> pathBack(
            String start, String from, Map<String, List<String>> mirrors, Set<String> seen) {
        for (String next : mirrors.getOrDefault(from, List.of())) {
            if (next.equals(start)) {
                return List.of(start);
            }
            if (seen.add(next)) {
                List<String> path = pathBack(start, next, mirrors, seen);
                if (!path.isEmpty()) {
                    return Stream.concat(Stream.of(next), path.stream()).toList();
                }
            }
        }
        return List.of();
    }

    private static CacheOptions cache(Section section) {
        Duration fresh = section.duration("fresh", CacheOptions.DEFAULT_FRESH);
        Duration stale = section.duration("stale", CacheOptions.DEFAULT_STALE);
        Duration missing = section.duration("missing", CacheOptions.DEFAULT_MISSING);
        if (stale.compareTo(fresh) < 0) {
            section.mistake("stale", "must not be shorter than fresh");
        }
        section.end();
        return new CacheOptions(fresh, stale, missing);
    }

    private static BatchOptions batch(Section section) {
        Duration linger = section.duration("linger", BatchOptions.DEFAULT_LINGER);
        Duration keep = section.duration("keep", BatchOptions.DEFAULT_KEEP);
        section.end();
        return new BatchOptions(linger, keep);
    }

    private UpstreamOptions upstream(Section section, Section limit) {
        List<Limit> rates = new ArrayList<>();
        for (String rate : limit.texts("rate", true)) {
            try {
                rates.add(Quantities.rate(rate));
            } catch (IllegalArgumentException e) {
                limit.mistake("rate", e.getMessage() + ", found " + rate);
            }
        }
        int concurrent = (int) limit.number("concurrent", 1, MOST_CONCURRENT, 0);
        limit.end();
        String own = authorities(section.section("tls"));
        return new UpstreamOptions(rates, concurrent, own == null ? authorities : own, proxy(section));
    }

    /** Certificates of authorities beside those that Java trusts; null when none are named. */
    static @Nullable String authorities(Section tls) {
        String pem = tls.content("ca");
        tls.end();
        if (pem == null) {
            return null;
        }
        try {
            Authorities.read(pem);
            return pem;
        } catch (IllegalArgumentException e) {
            tls.mistake("ca", String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** The message does not show what was found: it may hold a password. */
    private static @Nullable URI proxy(Section section) {
        String text = section.text("proxy");
        if (text == null) {
            return null;
        }
        URI proxy = uri(text);
        if (proxy == null
                || proxy.getHost() == null
                || !PROXIES.contains(String.valueOf(proxy.getScheme()))
                || !proxy.getRawPath().matches("/?")
                || proxy.getRawQuery() != null) {
            section.mistake("proxy", "expected an address such as http://proxy.example.com:3128 or socks5://...");
            return null;
        }
        return proxy;
    }

    private static @Nullable URI uri(String text) {
        try {
            return URI.create(text.trim());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Map<String, FieldTarget> fields(Section section) {
        Map<String, FieldTarget> fields = new LinkedHashMap<>();
        for (String key : section.keys()) {
            FieldTarget target = section.isScalar(key) ? plain(section.text(key)) : typed(section.section(key));
            if (target != null) {
                fields.put(key, target);
            }
        }
        return fields;
    }

    private static @Nullable FieldTarget plain(@Nullable String field) {
        return field == null ? null : FieldTarget.text(field);
    }

    private static @Nullable FieldTarget typed(Section section) {
        String to = section.text("to");
        if (!section.has("to")) {
            section.mistake("to", "is required: the CRM's field");
        }
        FieldType type = section.read("type", FieldType.TEXT, ConnectionReader::type);
        section.end();
        return to == null ? null : new FieldTarget(to, type);
    }

    private static FieldType type(String word) {
        List<String> words =
                Arrays.stream(FieldType.values()).map(FieldType::toString).toList();
        return Arrays.stream(FieldType.values())
                .filter(type -> type.toString().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown type; " + Nearest.guess(word, words)));
    }

    /** The name of a setting among the keys of {@code urls}; null when it is a plain one. */
    static @Nullable String underUrls(Setting setting) {
        return setting.name().startsWith(URLS) ? setting.name().substring(URLS.length()) : null;
    }
}
