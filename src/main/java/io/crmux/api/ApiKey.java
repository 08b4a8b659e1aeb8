package io.crmux.api;

import java.util.Set;

/**
 * Who may call.
 *
 * @param name for logs
 * @param sha256 of the key's bytes, in lower-case hexadecimal digits
 * @param connections by name; {@value #ALL} for all
 */
public record ApiKey(String name, String sha256, Set<String> connections, Set<Right> may) {

    /** Stands for all connections. */
    public static final String ALL = "*";

    public ApiKey {
        connections = Set.copyOf(connections);
        may = Set.copyOf(may);
    }

    boolean reachesAll() {
        return connections.contains(ALL);
    }

    boolean reaches(String connection) {
        return reachesAll() || connections.contains(connection);
    }
}
