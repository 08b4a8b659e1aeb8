package io.crmux.gateway;

import io.crmux.crm.Budget;
import io.crmux.crm.Credentials;
import io.crmux.gateway.contact.ContactMemory;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All connections, by name. */
public final class Gateway {

    private final Map<String, Connection> connections;
    private final Map<String, Budget> budgets;
    private final Map<String, Credentials> credentials;

    /**
     * All that is connected.
     *
     * @param budgets of the connections' accounts, by connection; two may share one
     * @param credentials how connections come by them; those that are not named have them in their settings
     */
    public Gateway(List<Connection> connections, Map<String, Budget> budgets, Map<String, Credentials> credentials) {
        this.budgets = Map.copyOf(budgets);
        this.credentials = Map.copyOf(credentials);
        this.connections =
                connections.stream().collect(Collectors.toUnmodifiableMap(Connection::name, Function.identity()));
        for (Connection connection : connections) {
            if (connection instanceof LiveConnection live) {
                live.meet(this.connections);
            }
        }
    }

    public Optional<Connection> connection(String name) {
        return Optional.ofNullable(connections.get(name));
    }

    /** What a connection's account may still do; null when there is no such connection. */
    public @Nullable Budget budget(String connection) {
        return budgets.get(connection);
    }

    /** What is kept of a connection's contacts, to be kept beyond the process. To be written to only before {@link #start()}. */
    public ContactMemory memory(String connection) {
        if (connections.get(connection) instanceof LiveConnection live) {
            return live.memory();
        }
        throw new IllegalArgumentException("there is no connection " + connection);
    }

    /** How a connection comes by its credentials; null when there is no such connection. */
    public @Nullable Credentials credentials(String connection) {
        return connections.containsKey(connection)
                ? credentials.getOrDefault(connection, Credentials.ofSettings())
                : null;
    }

    /** Lays all unsettled changes back on, so that reads and deliveries may begin. */
    public Future<Void> start() {
        return Future.all(connections.values().stream().map(Connection::start).toList())
                .mapEmpty();
    }

    /** Makes due what waits, and ends when it is delivered or the time is up. What is left stays in the store. */
    public Future<Void> stop(long millis) {
        return Future.join(connections.values().stream()
                        .map(connection -> connection.stop(millis))
                        .toList())
                .mapEmpty();
    }
}
