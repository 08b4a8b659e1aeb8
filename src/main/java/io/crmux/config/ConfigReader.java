package io.crmux.config;

import io.crmux.api.ApiKey;
import io.crmux.api.MetricsOptions;
import io.crmux.api.Right;
import io.crmux.api.ServerOptions;
import io.crmux.crm.Connector;
import io.crmux.store.SecretsOptions;
import io.crmux.store.StoreOptions;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads crmux.yaml: everything that is wrong with it is told at once. The file is read as a tree with line numbers (SnakeYAML's), and not bound to
 * classes, since binding stops at the first mistake.
 */
public final class ConfigReader {

    private static final int MOST_ALIASES = 10;
    private static final int MOST_PORT = 65_535;
    private static final int MOST_LOOPS = 256;
    private static final int MOST_CONNECTIONS = 1_000_000;
    private static final long LEAST_STORE_BYTES = 1 << 20;
    private static final long LEAST_CACHE_BYTES = 1 << 20;

    private final List<Connector> connectors;
    private final Map<String, String> environment;

    /** @param environment what {@code ${NAME}} takes its values from */
    public ConfigReader(List<Connector> connectors, Map<String, String> environment) {
        this.connectors = List.copyOf(connectors);
        this.environment = Map.copyOf(environment);
    }

    /** Reads a file. */
    public Config read(Path file) throws ConfigException {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new ConfigException(List.of(new Mistake(1, "", "the file " + file + " cannot be read")));
        }
        Path folder = file.toAbsolutePath().getParent();
        return read(text, folder == null ? Path.of("") : folder);
    }

    /**
     * Reads a text.
     *
     * @param folder what relative paths of {@code file:} begin at
     */
    Config read(String text, Path folder) throws ConfigException {
        List<Mistake> mistakes = new ArrayList<>();
        Section root = new Section("", tree(text), mistakes, new Values(environment, folder));
        Config config = read(root);
        root.end();
        if (!mistakes.isEmpty()) {
            throw new ConfigException(mistakes);
        }
        return config;
    }

    private static @Nullable Node tree(String text) throws ConfigException {
        LoaderOptions bounded = new LoaderOptions();
        bounded.setMaxAliasesForCollections(MOST_ALIASES);
        try {
            return new Yaml(new SafeConstructor(bounded)).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new ConfigException(List.of(new Mistake(line, "", "this is not YAML: " + e.getProblem())));
        } catch (YAMLException e) {
            throw new ConfigException(
                    List.of(new Mistake(1, "", "this is not YAML that can be used: " + e.getMessage())));
        }
    }

    private Config read(Section root) {
        ServerOptions server = server(root.section("server"));
        StoreOptions store = store(root.section("store"));
        Section cache = root.section("cache");
        long cacheBytes = cache.size("memory", Config.DEFAULT_CACHE_BYTES);
        if (cacheBytes < LEAST_CACHE_BYTES) {
            cache.mistake("memory", "expected at least 1MB");
        }
        boolean snapshot = cache.read("snapshot", false, ConfigReader::flag);
        cache.end();
        MetricsOptions metrics = root.has("metrics") ? metrics(root.section("metrics")) : null;
        SecretsOptions secrets = secrets(root.section("secrets"));
        String authorities = ConnectionReader.authorities(root.section("tls"));
        Section all = root.section("connections");
        Set<String> names = all.keys();
        List<ApiKey> keys = keys(root, names);
        List<ConnectionConfig> connections = new ConnectionReader(connectors, authorities, secrets != null).read(all);
        if (names.isEmpty()) {
            root.mistake("connections", "expected at least one connection");
        }
        return new Config(server, store, cacheBytes, snapshot, metrics, secrets, keys, connections);
    }

    static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("expected true or false");
        };
    }

    private static ServerOptions server(Section section) {
        String host = section.read("host", ServerOptions.DEFAULT_HOST, text -> text);
        int port = (int) section.number("port", 0, MOST_PORT, ServerOptions.DEFAULT_PORT);
        String basePath = section.read("base_path", ServerOptions.DEFAULT_BASE_PATH, ConfigReader::basePath);
        Duration idle = section.duration("idle", ServerOptions.DEFAULT_IDLE);
        if (idle.toSeconds() < 1) {
            section.mistake("idle", "expected at least 1s");
        }
        int connections = (int) section.number("connections", 1, MOST_CONNECTIONS, ServerOptions.DEFAULT_CONNECTIONS);
        String publicUrl = section.has("public_url") ? section.read("public_url", "", ConfigReader::publicUrl) : null;
        int loops = (int) section.number("loops", 1, MOST_LOOPS, ServerOptions.defaultLoops());
        section.end();
        return new ServerOptions(host, port, basePath, idle, connections, loops, publicUrl);
    }

    private static String publicUrl(String text) {
        if (!text.matches("https?://[A-Za-z0-9.:\\[\\]-]+(/[A-Za-z0-9._~/-]*)?")) {
            throw new IllegalArgumentException("expected an address such as https://crmux.example.com");
        }
        return text.replaceFirst("/+$", "");
    }

    /** Messages do not show what was found: it is a secret. */
    private static @Nullable SecretsOptions secrets(Section section) {
        String key = secret(section, "key");
        String previous = secret(section, "previous");
        if (section.has("previous") && !section.has("key")) {
            section.mistake("key", "is required beside previous");
        }
        section.end();
        return key == null ? null : new SecretsOptions(key, previous);
    }

    private static @Nullable String secret(Section section, String name) {
        String text = section.text(name);
        if (text != null && text.length() < SecretsOptions.SHORTEST) {
            section.mistake(
                    name,
                    "expected at least " + SecretsOptions.SHORTEST
                            + " characters that nobody can guess; crmux key NAME prints some");
        }
        return text;
    }

    private static String basePath(String text) {
        if (!text.matches("/([A-Za-z0-9._~-]+/?)*")) {
            throw new IllegalArgumentException("expected a path such as / or /crm/");
        }
        return text.endsWith("/") ? text : text + "/";
    }

    private static StoreOptions store(Section section) {
        StoreOptions defaults = StoreOptions.DEFAULTS;
        Path path = section.read("path", defaults.path(), Path::of);
        long bytes = section.size("max", defaults.maxBytes());
        if (bytes < LEAST_STORE_BYTES) {
            section.mistake("max", "expected at least 1MB");
            bytes = defaults.maxBytes();
        }
        long changes = section.number("max_changes", 1, Integer.MAX_VALUE, defaults.maxChanges());
        section.notYet("redis", "a store on Redis");
        section.end();
        return new StoreOptions(path, bytes, changes);
    }

    private static MetricsOptions metrics(Section section) {
        String host = section.read("host", MetricsOptions.DEFAULT_HOST, text -> text);
        int port = (int) section.number("port", 1, MOST_PORT, MetricsOptions.DEFAULT_PORT);
        section.end();
        return new MetricsOptions(host, port);
    }

    private static List<ApiKey> keys(Section root, Set<String> connections) {
        List<ApiKey> keys = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<Node> nodes = root.list("keys", false);
        for (int i = 0; i < nodes.size(); i++) {
            Section section = root.element("keys", i, nodes.get(i));
            ApiKey key = key(section, connections);
            if (key != null && !names.add(key.name())) {
                section.mistake("name", "there is another key of the name " + key.name());
            }
            if (key != null) {
                keys.add(key);
            }
        }
        return keys;
    }

    private static @Nullable ApiKey key(Section section, Set<String> known) {
        String name = section.text("name");
        if (name == null && !section.has("name")) {
            section.mistake("name", "is required: it stands for the key in logs");
        }
        String sha256 = section.read("sha256", "", text -> {
            if (!text.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException(
                        "expected 64 lower-case hexadecimal digits, as crmux key prints them");
            }
            return text;
        });
        if (!section.has("sha256")) {
            section.mistake("sha256", "is required: crmux key NAME prints one");
        }
        Set<String> connections = new LinkedHashSet<>(section.texts("connections", true));
        for (String connection : connections) {
            if (!connection.equals(ApiKey.ALL) && !known.contains(connection)) {
                section.mistake(
                        "connections",
                        "there is no connection " + connection + "; " + Nearest.guess(connection, known));
            }
        }
        if (!section.has("connections")) {
            section.mistake("connections", "is required: a list of connections, or [\"*\"]");
        } else if (section.isEmptyList("connections")) {
            section.mistake("connections", "expected at least one connection, or [\"*\"]");
        }
        Set<Right> may = rights(section);
        section.end();
        return name == null ? null : new ApiKey(name, sha256, connections, may);
    }

    private static Set<Right> rights(Section section) {
        Set<Right> may = new LinkedHashSet<>();
        for (String word : section.texts("may", true)) {
            switch (word) {
                case "read" -> may.add(Right.READ);
                case "write" -> may.add(Right.WRITE);
                case "admin" -> may.add(Right.ADMIN);
                default ->
                    section.mistake(
                            "may",
                            "unknown right " + word + "; " + Nearest.guess(word, List.of("read", "write", "admin")));
            }
        }
        if (!section.has("may")) {
            section.mistake("may", "is required: a list of read, write and admin");
        } else if (section.isEmptyList("may")) {
            section.mistake("may", "expected at least one of read, write and admin");
        }
        return may;
    }
}
