package io.crmux.command;

import io.crmux.api.ApiServer;
import io.crmux.config.Config;
import io.crmux.config.ConnectionConfig;
import io.crmux.crm.Connector;
import io.crmux.crm.Crm;
import io.crmux.crm.Descriptor;
import io.crmux.crm.Http;
import io.crmux.crm.Settings;
import io.crmux.crm.VertxLoop;
import io.crmux.gateway.Connection;
import io.crmux.gateway.ConnectionOptions;
import io.crmux.gateway.Gateway;
import io.crmux.gateway.OtherSettings;
import io.crmux.store.SecretsOptions;
import io.crmux.store.SqliteStore;
import io.crmux.store.Store;
import io.crmux.store.Vault;
import io.crmux.telemetry.Metrics;
import io.crmux.upstream.TokenStore;
import io.crmux.upstream.Upstream;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A running gateway: everything wired together. Started and stopped from a thread that may wait. */
final class RunningGateway {

    private static final long KEPT_MILLIS = Duration.ofHours(24).toMillis();
    private static final long ALIASES_MILLIS = Duration.ofDays(30).toMillis();
    private static final long FORGET_MILLIS = Duration.ofMinutes(10).toMillis();

    private final Vertx vertx;
    private final Store store;
    private final Upstream upstream;
    private final Gateway gateway;
    private final ApiServer server;
    private final Map<String, SnapshotFile> snapshots;
    private final int port;

    private RunningGateway(
            Vertx vertx,
            Store store,
            Upstream upstream,
            Gateway gateway,
            ApiServer server,
            Map<String, SnapshotFile> snapshots,
            int port) {
        this.vertx = vertx;
        this.store = store;
        this.upstream = upstream;
        this.gateway = gateway;
        this.server = server;
        this.snapshots = snapshots;
        this.port = port;
    }

    /** Starts everything; when this returns, requests are answered. */
    static RunningGateway start(Config config) {
        Future<SqliteStore> opening = StoreOpening.begin(config);
        Vertx vertx = Vertx.vertx(options(config.server().loops()));
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Metrics metrics = new Metrics(registry);
        SqliteStore store = opened(opening, vertx);
        metrics.storeFull(() -> store.isFull() ? 1 : 0);
        Upstream upstream = new Upstream(vertx, metrics, new StoredCounters(store), tokens(config, store));
        List<Connection> connections = new ArrayList<>();
        for (ConnectionConfig connection : config.connections()) {
            long share = config.cacheBytes() / config.connections().size();
            connections.add(open(vertx, connection, share, store, upstream, metrics));
        }
        Gateway gateway = new Gateway(connections, upstream.budgets(), upstream.credentials());
        Map<String, SnapshotFile> snapshots = snapshots(config);
        snapshots.forEach((name, snapshot) -> {
            if (config.snapshot()) {
                snapshot.readOnce(gateway.memory(name));
            } else {
                snapshot.delete();
            }
        });
        Future<Void> recovered = gateway.start();
        ApiServer server = new ApiServer(
                vertx,
                config.server(),
                config.keys(),
                gateway,
                () -> recovered.compose(known -> store.probe()),
                registry::scrape,
                config.metrics(),
                metrics);
        int port = listen(server, recovered, config, store, vertx);
        vertx.setPeriodic(FORGET_MILLIS, tick -> forget(store));
        return new RunningGateway(
                vertx, store, upstream, gateway, server, config.snapshot() ? snapshots : Map.of(), port);
    }

    private static SqliteStore opened(Future<SqliteStore> opening, Vertx vertx) {
        try {
            return opening.await();
        } catch (Throwable failure) {
            vertx.close().otherwiseEmpty().await();
            throw failure;
        }
    }

    /** By connection. */
    private static Map<String, SnapshotFile> snapshots(Config config) {
        return config.connections().stream()
                .collect(Collectors.toMap(
                        ConnectionConfig::name,
                        connection ->
                                new SnapshotFile(connection, config.store().path(), System::currentTimeMillis)));
    }

    /** Tests set the property to be told of much shorter blocks than operators care about. */
    private static VertxOptions options(int serverLoops) {
        VertxOptions options = new VertxOptions().setPreferNativeTransport(true);
        options.setEventLoopPoolSize(Math.max(options.getEventLoopPoolSize(), serverLoops + 1));
        Long blocked = Long.getLong("crmux.blocked.millis");
        return blocked == null
                ? options
                : options.setBlockedThreadCheckInterval(Math.max(1, blocked / 4))
                        .setMaxEventLoopExecuteTime(Duration.ofMillis(blocked).toNanos());
    }

    /** Without a key nothing is there to be kept: the configuration has been refused where it is needed. */
    private static TokenStore tokens(Config config, Store store) {
        SecretsOptions secrets = config.secrets();
        return secrets == null ? TokenStore.inMemory() : new StoredTokens(store, new Vault(secrets));
    }

    /** Answers at once what it can; of a connection whose changes are many, a little later. */
    private static int listen(ApiServer server, Future<Void> recovered, Config config, Store store, Vertx vertx) {
        try {
            int port = server.start().await();
            recovered.await();
            return port;
        } catch (Throwable failure) {
            boolean unreadable = recovered.failed();
            store.close().otherwiseEmpty().await();
            vertx.close().otherwiseEmpty().await();
            if (unreadable) {
                recovered.await();
            }
            throw new CannotListenException(
                    config.server().host(), config.server().port(), failure);
        }
    }

    private static Connection open(
            Vertx vertx, ConnectionConfig config, long cacheBytes, Store store, Upstream upstream, Metrics metrics) {
        Connector connector = config.connector();
        Descriptor descriptor = connector.descriptor();
        Http http = upstream.open(config.name(), connector, config.settings(), config.upstream());
        Crm crm = connector.open(config.settings(), http);
        int concurrent = config.upstream().concurrent();
        ConnectionOptions options = new ConnectionOptions(
                config.name(),
                config.fields(),
                config.cache(),
                config.batch(),
                config.mode(),
                config.mirrors(),
                cacheBytes,
                concurrent > 0 ? concurrent : descriptor.concurrent(),
                config.waiting());
        return Connection.open(
                options, descriptor, crm, others(config, upstream), store, VertxLoop.open(vertx), metrics);
    }

    private static OtherSettings others(ConnectionConfig config, Upstream upstream) {
        Connector connector = config.connector();
        return given -> {
            Settings settings = new TrialSettings(connector.descriptor(), config.settings()).with(given);
            return connector.open(settings, upstream.tryOut(config.name(), connector, settings, config.upstream()));
        };
    }

    /** Fates are kept for a day after their end, aliases for a month. */
    private static void forget(Store store) {
        long now = System.currentTimeMillis();
        store.forget(now - KEPT_MILLIS, now - ALIASES_MILLIS).otherwiseEmpty();
    }

    int port() {
        return port;
    }

    /** Takes no more requests, finishes those under way, delivers what is due for so long, and lets go of everything. */
    void stop(long drainMillis) {
        server.stop().otherwiseEmpty().await();
        gateway.stop(drainMillis).otherwiseEmpty().await();
        upstream.close().otherwiseEmpty().await();
        snapshots.forEach((name, snapshot) -> snapshot.write(gateway.memory(name)));
        store.close().otherwiseEmpty().await();
        vertx.close().otherwiseEmpty().await();
    }
}
