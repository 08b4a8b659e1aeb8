package io.crmux.upstream;

import io.crmux.crm.Budget;
import io.crmux.crm.Connector;
import io.crmux.crm.Http;
import io.crmux.crm.InMemory;
import io.crmux.crm.Lane;
import io.crmux.crm.Limit;
import io.crmux.crm.Loop;
import io.crmux.crm.Settings;
import io.crmux.crm.Transport;
import io.crmux.crm.VertxLoop;
import io.crmux.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** All outgoing accounts. Opened and closed at start and end, from one thread that is no event loop. */
public final class Upstream {

    private static final int TRIALS = 4;

    private final Vertx vertx;
    private final Metrics metrics;
    private final Map<Identity, Account> accounts = new HashMap<>();
    private final Map<String, Budget> budgets = new HashMap<>();
    private final List<WebTransport> transports = new ArrayList<>();
    private final Loop trials;
    private final WebTransport trialTransport;

    /** What tells accounts apart: connections with the same settings share one budget. */
    private record Identity(String slug, Map<String, String> settings, UpstreamOptions options) {}

    public Upstream(Vertx vertx, Metrics metrics) {
        this.vertx = vertx;
        this.metrics = metrics;
        this.trials = VertxLoop.open(vertx);
        this.trialTransport = new WebTransport(vertx, TRIALS);
        transports.add(trialTransport);
    }

    /** The way out for one connection. */
    public Http open(String connection, Connector connector, Settings settings, UpstreamOptions options) {
        Identity identity = new Identity(connector.descriptor().slug(), settings.values(), options);
        Account account = accounts.computeIfAbsent(identity, absent -> account(connector, settings, options));
        for (Lane lane : Lane.values()) {
            metrics.upstreamQueue(connection, lane, () -> account.waiting(lane), () -> account.oldestSeconds(lane));
        }
        budgets.put(connection, account);
        return (call, request) -> account.send(connection, call, request);
    }

    /** The budgets of all connections that were opened, by name. */
    public Map<String, Budget> budgets() {
        return Map.copyOf(budgets);
    }

    /** A way out with settings that are only tried: an account of its own, which no connection shares. Waits for nothing. */
    public Http tryOut(String connection, Connector connector, Settings settings, UpstreamOptions options) {
        Transport transport =
                connector instanceof InMemory inMemory ? inMemory.transport(settings, trials) : trialTransport;
        Account account = account(trials, connector, settings, options, transport);
        return (call, request) -> account.send(connection, call, request);
    }

    private Account account(Connector connector, Settings settings, UpstreamOptions options) {
        Loop loop = VertxLoop.open(vertx);
        return account(
                loop,
                connector,
                settings,
                options,
                transport(connector, settings, loop, concurrent(connector, options)));
    }

    private Account account(
            Loop loop, Connector connector, Settings settings, UpstreamOptions options, Transport transport) {
        return new Account(
                loop,
                connector,
                settings,
                transport,
                limits(connector.limits(settings), options.rate()),
                concurrent(connector, options),
                metrics,
                RandomGenerator.getDefault());
    }

    private static int concurrent(Connector connector, UpstreamOptions options) {
        return options.concurrent() > 0
                ? options.concurrent()
                : connector.descriptor().concurrent();
    }

    private Transport transport(Connector connector, Settings settings, Loop loop, int concurrent) {
        if (connector instanceof InMemory inMemory) {
            return inMemory.transport(settings, loop);
        }
        WebTransport transport = new WebTransport(vertx, concurrent);
        transports.add(transport);
        return transport;
    }

    /** A configured rate replaces the published limits for ordinary calls, and those alone. */
    private static List<Limit> limits(List<Limit> published, List<Limit> configured) {
        return configured.isEmpty()
                ? published
                : Stream.concat(
                                configured.stream(),
                                published.stream()
                                        .filter(limit -> !limit.bucket().equals(Limit.ORDINARY)))
                        .toList();
    }

    /** Lets go of all connections. */
    public Future<Void> close() {
        return Future.join(transports.stream().map(WebTransport::close).toList())
                .mapEmpty();
    }
}
