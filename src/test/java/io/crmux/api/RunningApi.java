package io.crmux.api;

import io.crmux.connector.Sandbox;
import io.crmux.crm.Budget;
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
import io.crmux.upstream.Counters;
import io.crmux.upstream.Upstream;
import io.crmux.upstream.UpstreamOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The API over a sandbox, with a real store, in this process. */
public final class RunningApi implements AutoCloseable {

    public static final String ADMIN = "admin-key-0123456789abcdef";
    public static final String READER = "reader-key-0123456789abcdef";
    static final String WRITER = "writer-key-0123456789abcdef";
    private static final String ADMIN_SHA = "1b3af7d2f1f3428ee7d76d5be730b93565efcf2ecbb7819caf9002bca23d4545";
    private static final String WRITER_SHA = "5755ebe16061aec645992d9f57844449e3577007da9b1eb6e82526714e34870c";
    private static final String READER_SHA = "75b38889ff0e52878a7637a97ae16cbe0af0f5542459765a705db1e2e8b7d33d";

    private final Vertx vertx;
    private final Supplier<Future<Void>> below;
    private final ApiServer server;
    private final int port;

    RunningApi(
            Path folder,
            String basePath,
            long arrivalMillis,
            Duration idle,
            int connections,
            Map<String, String> sandbox) {
        this(
                vertx(),
                new ServerOptions("127.0.0.1", 0, basePath, idle, connections, 2),
                arrivalMillis,
                folder,
                ConnectionOptions.Mode.LIVE,
                sandbox);
    }

    private RunningApi(
            Vertx vertx,
            ServerOptions options,
            long arrivalMillis,
            Path folder,
            ConnectionOptions.Mode mode,
            Map<String, String> sandbox) {
        Store store = SqliteStore.open(StoreOptions.DEFAULTS.at(folder.resolve("crmux.db")));
        Metrics metrics = new Metrics(new SimpleMeterRegistry());
        Upstream upstream = new Upstream(vertx, metrics, Counters.inMemory());
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
                        mode,
                        List.of(),
                        10_000_000,
                        8,
                        ConnectionOptions.DEFAULT_WAITING),
                connector.descriptor(),
                connector.open(settings, upstream.open("main", connector, settings, UpstreamOptions.defaults())),
                other -> connector.open(
                        settings, upstream.tryOut("main", connector, settings, UpstreamOptions.defaults())),
                store,
                VertxLoop.open(vertx),
                metrics);
        this.vertx = vertx;
        below = () -> store.close().compose(closed -> upstream.close());
        server = serve(vertx, options, arrivalMillis, main, upstream.budgets(), store::probe, metrics);
        port = server.start().await();
    }

    private RunningApi(Connection connection) {
        vertx = vertx();
        below = Future::succeededFuture;
        server = serve(
                vertx,
                new ServerOptions("127.0.0.1", 0, "/", Duration.ofSeconds(75), 100, 2),
                15_000,
                connection,
                Map.of(),
                Future::succeededFuture,
                new Metrics(new SimpleMeterRegistry()));
        port = server.start().await();
    }

    private static Vertx vertx() {
        return Vertx.vertx(new VertxOptions()
                .setBlockedThreadCheckInterval(200)
                .setMaxEventLoopExecuteTime(Duration.ofMillis(1500).toNanos()));
    }

    private static ApiServer serve(
            Vertx vertx,
            ServerOptions options,
            long arrivalMillis,
            Connection connection,
            Map<String, Budget> budgets,
            Supplier<Future<Void>> ready,
            Metrics metrics) {
        Gateway gateway = new Gateway(List.of(connection), budgets, Map.of());
        gateway.start().await();
        return new ApiServer(
                vertx,
                options,
                List.of(
                        new ApiKey("admin", ADMIN_SHA, Set.of("*"), Set.of(Right.READ, Right.WRITE, Right.ADMIN)),
                        new ApiKey("writer", WRITER_SHA, Set.of("main"), Set.of(Right.READ, Right.WRITE)),
                        new ApiKey("reader", READER_SHA, Set.of("main"), Set.of(Right.READ))),
                gateway,
                ready,
                () -> "# metrics\n",
                null,
                metrics,
                arrivalMillis);
    }

    /** The API over one connection, without anything below it. */
    public static RunningApi over(Connection connection) {
        return new RunningApi(connection);
    }

    public static RunningApi plain(Path folder) {
        return new RunningApi(folder, "/", 15_000, Duration.ofSeconds(75), 100, Map.of());
    }

    static RunningApi staging(Path folder) {
        return new RunningApi(
                vertx(),
                new ServerOptions("127.0.0.1", 0, "/", Duration.ofSeconds(75), 100, 2),
                15_000,
                folder,
                ConnectionOptions.Mode.STAGING,
                Map.of());
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        server.stop().await();
        below.get().await();
        vertx.close().await();
    }
}
