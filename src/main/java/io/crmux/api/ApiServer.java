package io.crmux.api;

import io.crmux.gateway.Gateway;
import io.crmux.telemetry.AccessLog;
import io.crmux.telemetry.Metrics;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The HTTP server: one listener on each of its event loops, and one for metrics if they have an address of their own. */
public final class ApiServer {

    private static final int LONGEST_LINE = 16 << 10;
    private static final int LONGEST_HEADERS = 32 << 10;
    private static final long ARRIVAL_MILLIS = 15_000;
    private static final long GRACE_SECONDS = 5;
    /** Whoever starts has more to do at first. */
    private static final long DESCRIPTION_MILLIS = 1_000;
    /** A port of Vert.x's choosing, the same for all listeners. */
    private static final int ANY_PORT_SHARED = -1;

    private final Vertx vertx;
    private final ServerOptions options;
    private final List<ApiKey> keys;
    private final Gateway gateway;
    private final Supplier<Future<Void>> ready;
    private final Supplier<String> metricsText;
    private final @Nullable MetricsOptions metricsOptions;
    private final Metrics metrics;
    private final long arrivalMillis;
    private final AtomicInteger connections = new AtomicInteger();
    private volatile int port;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /**
     * A server that does not listen yet.
     *
     * @param ready succeeds when the store takes changes
     * @param metricsText all metrics in Prometheus's text format
     * @param metricsOptions where metrics are served without a key; null when they are served with the API, for admin keys
     */
    public ApiServer(
            Vertx vertx,
            ServerOptions options,
            List<ApiKey> keys,
            Gateway gateway,
            Supplier<Future<Void>> ready,
            Supplier<String> metricsText,
            @Nullable MetricsOptions metricsOptions,
            Metrics metrics) {
        this(vertx, options, keys, gateway, ready, metricsText, metricsOptions, metrics, ARRIVAL_MILLIS);
    }

    ApiServer(
            Vertx vertx,
            ServerOptions options,
            List<ApiKey> keys,
            Gateway gateway,
            Supplier<Future<Void>> ready,
            Supplier<String> metricsText,
            @Nullable MetricsOptions metricsOptions,
            Metrics metrics,
            long arrivalMillis) {
        this.vertx = vertx;
        this.options = options;
        this.keys = List.copyOf(keys);
        this.gateway = gateway;
        this.ready = ready;
        this.metricsText = metricsText;
        this.metricsOptions = metricsOptions;
        this.metrics = metrics;
        this.arrivalMillis = arrivalMillis;
    }

    /**
     * Listens. Answers with the port, which is a free one where the options say 0.
     */
    public Future<Integer> start() {
        return vertx.deployVerticle(Listener::new, new DeploymentOptions().setInstances(options.loops()))
                .compose(listening -> metricsOptions == null ? Future.succeededFuture() : serveMetrics(metricsOptions))
                .map(done -> port);
    }

    /** Takes no more requests, and ends when those under way are answered, or after a few seconds. */
    public Future<Void> stop() {
        return Future.join(listeners.stream().map(Listener::close).toList()).mapEmpty();
    }

    private Future<Void> serveMetrics(MetricsOptions where) {
        return vertx.createHttpServer(
                        new HttpServerOptions().setReuseAddress(true).setIdleTimeout((int) GRACE_SECONDS))
                .requestHandler(this::answerMetrics)
                .listen(where.port(), where.host())
                .mapEmpty();
    }

    private void answerMetrics(HttpServerRequest request) {
        if ("/metrics".equals(request.path())) {
            request.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, Outside.PROMETHEUS)
                    .end(metricsText.get());
        } else {
            request.response().setStatusCode(404).end();
        }
    }

    /** One event loop's share of the server. */
    private final class Listener extends VerticleBase {

        private final AccessLog log =
                new AccessLog(task -> vertx.setTimer(AccessLog.WAIT_MILLIS, waited -> task.run()));
        private @Nullable HttpServer server;

        @Override
        public Future<?> stop() {
            log.flush();
            return Future.succeededFuture();
        }

        @Override
        public Future<?> start() {
            Description description = new Description(context);
            Handlers handlers = new Handlers(
                    new Reading(),
                    new Writing(description),
                    new RecordedWrites(description),
                    new Administration(description, gateway),
                    new Budgets(gateway, metrics));
            Outside outside = new Outside(ready, metricsText, metricsOptions == null, description, new Docs(vertx));
            Front front =
                    new Front(options, keys, gateway, handlers, outside, new SignIn(options, gateway), metrics, log);
            HttpServer listening = vertx.createHttpServer(new HttpServerOptions()
                            .setReuseAddress(true)
                            .setHttp2ClearTextEnabled(false)
                            .setPerFrameWebSocketCompressionSupported(false)
                            .setPerMessageWebSocketCompressionSupported(false)
                            .setMaxInitialLineLength(LONGEST_LINE)
                            .setMaxHeaderSize(LONGEST_HEADERS)
                            .setHandle100ContinueAutomatically(true)
                            .setTcpNoDelay(true)
                            // every answer is given on its request's own loop: no queue between threads is needed
                            .setStrictThreadMode(true))
                    .connectionHandler(this::accept)
                    .invalidRequestHandler(front::unreadable)
                    .requestHandler(front);
            server = listening;
            listeners.add(this);
            int asked = options.port() == 0 ? ANY_PORT_SHARED : options.port();
            return listening.listen(asked, options.host()).onSuccess(bound -> {
                port = bound.actualPort();
                vertx.setTimer(DESCRIPTION_MILLIS, waited -> description.prepare());
            });
        }

        private void accept(HttpConnection connection) {
            if (connections.incrementAndGet() > options.connections()) {
                connections.decrementAndGet();
                connection.close();
                return;
            }
            connection.closeHandler(closed -> connections.decrementAndGet());
            Tempo.watch(connection, arrivalMillis, options.idle().toMillis());
        }

        Future<Void> close() {
            return server == null ? Future.succeededFuture() : server.shutdown(GRACE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
