package io.crmux.gateway;

import io.crmux.crm.Connector;
import io.crmux.crm.Http;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Settings;
import io.crmux.telemetry.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;

/** A connection with the options that nobody has changed, with room for everybody, begun on a loop that the test moves. */
final class DefaultConnection {

    private DefaultConnection() {}

    static Connection open(ManualLoop loop, Connector connector, Settings settings, Http http) {
        return open(loop, connector, settings, http, new Metrics(new SimpleMeterRegistry()));
    }

    static Connection open(ManualLoop loop, Connector connector, Settings settings, Http http, Metrics metrics) {
        Connection connection = Connection.open(
                new ConnectionOptions(
                        "main",
                        Map.of(),
                        CacheOptions.defaults(),
                        BatchOptions.defaults(),
                        ConnectionOptions.Mode.LIVE,
                        List.of(),
                        100_000_000,
                        connector.descriptor().concurrent(),
                        ConnectionOptions.DEFAULT_WAITING),
                connector.descriptor(),
                connector.open(settings, http),
                other -> connector.open(settings, http),
                new MemoryStore(loop),
                loop,
                metrics);
        connection.start();
        loop.runAll();
        return connection;
    }
}
