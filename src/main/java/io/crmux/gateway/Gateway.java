package io.crmux.gateway;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All connections, by name. */
public final class Gateway {

    private final Map<String, Connection> connections;

    public Gateway(List<Connection> connections) {
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
