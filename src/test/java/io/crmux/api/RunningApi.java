package io.crmux.api;

import io.crmux.connector.Sandbox;
import io.crmux.crm.Settings;
import io.crmux.crm.VertxLoop;
import io.crmux.gateway.BatchOptions;
import io.crmux.gateway.CacheOptions;
import io.crmux.gateway.Connection;
import io.crmux.gateway.ConnectionOptions;
import io.crmux.gateway.Gateway;
import io.crmux.store.SqliteStore;
import io.crmux.store.Store;
import io.crmux.store.StoreOptions;
import io.crmux.telemetry.Metrics;
import io.crmux.upstream.Upstream;
import io.crmux.upstream.UpstreamOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The API over a sandbox, with a real store, in this process. */
final class RunningApi implements AutoCloseable {

    static final String ADMIN = "admin-key-0123456789abcdef";
    static final String READER = "reader-key-0123456789abcdef";
    private static final String ADMIN_SHA = "1b3af7d2f1f3428ee7d76d5be730b93565efcf2ecbb7819caf9002bca23d4545";
    private static final String READER_SHA = "75b38889ff0e52878a7637a97ae16cbe0af0f5542459765a705db1e2e8b7d33d";

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setBlockedThreadCheckInterval(200)
            .setMaxEventLoopExecuteTime(Duration.ofMillis(1500).toNanos()));
    private final Store store;
    private final Upstream upstream;
    private final ApiServer server;
    private final int port;

    RunningApi(
            Path folder,
            String basePath,
            long arrivalMillis,
            Duration idle,
            int connections,
            Map<String, String> sandbox) {
        store = SqliteStore.open(StoreOptions.DEFAULTS.at(folder.resolve("crmux.db")));
        Metrics metrics = new Metrics(new SimpleMeterRegistry());
        upstream = new Upstream(vertx, metrics);
        Map<String, String> values = new HashMap<>(
                Map.of("contacts", "50", "tags_per_contact", "2", "latency", "0ms", "failure_rate", "0.0"));
        values.putAll(sandbox);
        Settings settings = new Settings(values);
        Sandbox connector = new Sandbox();
        Connection main = Connection.open(
                new ConnectionOptions(
                        "main",
                        Map.of(),
                        CacheOptions.defaults(),
                        BatchOptions.defaults(),
                        ConnectionOptions.Mode.LIVE,
                        List.of(),
                        10_000_000,
                        8),
                connector.descriptor(),
                connector.open(settings, upstream.open("main", connector, settings, UpstreamOptions.defaults())),
                other -> connector.open(
                        settings, upstream.tryOut("main", connector, settings, UpstreamOptions.defaults())),
                store,
                VertxLoop.open(vertx),
                metrics);
        Gateway gateway = new Gateway(List.of(main));
        gateway.start().await();
        server = new ApiServer(
                vertx,
                new ServerOptions("127.0.0.1", 0, basePath, idle, connections),
                List.of(
                        new ApiKey("admin", ADMIN_SHA, Set.of("*"), Set.of(Right.READ, Right.WRITE, Right.ADMIN)),
                        new ApiKey("reader", READER_SHA, Set.of("main"), Set.of(Right.READ))),
                gateway,
                store::probe,
                () -> "# metrics\n",
                null,
                metrics,
                arrivalMillis);
        port = server.start().await();
    }

    static RunningApi plain(Path folder) {
        return new RunningApi(folder, "/", 15_000, Duration.ofSeconds(75), 100, Map.of());
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        server.stop().await();
        store.close().await();
        upstream.close().await();
        vertx.close().await();
    }
}
