package io.crmux.upstream;

import io.crmux.crm.Budget;
import io.crmux.crm.Connector;
import io.crmux.crm.Credentials;
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
import io.vertx.core.http.HttpClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All outgoing accounts. Opened and closed at start and end, from one thread that is no event loop. */
public final class Upstream {

    /** How many connections there are beside the account's, for settings that are tried. */
    private static final int TRIALS = 4;

    private final Vertx vertx;
    private final Metrics metrics;
    private final Counters counters;
    private final TokenStore tokenStore;
    private final Map<String, Opened> accounts = new HashMap<>();
    private final Map<String, Budget> budgets = new HashMap<>();
    private final Map<String, Credentials> credentials = new HashMap<>();
    private final Map<String, HttpClient> clients = new ConcurrentHashMap<>();
    private final Loop trials;

    /** @param memory the CRM where it is in this process; null elsewhere */
    private record Opened(Account account, @Nullable Transport memory, Credentials credentials) {}

    /** Without a store for tokens: what operators connect is forgotten when the process ends. */
    public Upstream(Vertx vertx, Metrics metrics, Counters counters) {
        this(vertx, metrics, counters, TokenStore.inMemory());
    }

    /**
     * @param counters keeps what accounts must know after a restart
     * @param tokenStore keeps the tokens of connections that an operator has connected
     */
    public Upstream(Vertx vertx, Metrics metrics, Counters counters, TokenStore tokenStore) {
        this.tokenStore = tokenStore;
        this.vertx = vertx;
        this.metrics = metrics;
        this.counters = counters;
        this.trials = VertxLoop.open(vertx);
    }

    /** The way out for one connection. Where connections share an account, the limits of all of them are kept. */
    public Http open(String connection, Connector connector, Settings settings, UpstreamOptions options) {
        Hosts hosts = Hosts.of(connector, settings);
        Opened opened = accounts.computeIfAbsent(Identity.of(connection, connector, settings), identity -> {
            Loop loop = VertxLoop.open(vertx);
            Transport memory = connector instanceof InMemory inMemory ? inMemory.transport(settings, loop) : null;
            Transport transport = memory == null ? web(connection, connector, options, hosts) : memory;
            Tokens tokens = tokens(loop, new Way(connection, settings, hosts, transport), connector, tokenStore);
            return new Opened(
                    account(loop, connector, settings, options, counters, identity, tokens),
                    memory,
                    tokens == null ? Credentials.ofSettings() : tokens.credentials());
        });
        Account account = opened.account();
        account.alsoKeep(limits(connector.limits(settings), options.rate()), concurrent(connector, options));
        for (Lane lane : Lane.values()) {
            metrics.upstreamQueue(
                    connection,
                    lane,
                    () -> account.standing().queue(lane).length(),
                    () -> account.standing().queue(lane).oldestMillis() / 1000.0);
        }
        metrics.breaker(connection, () -> account.standing().failing() ? 1 : 0);
        budgets.put(connection, account);
        credentials.put(connection, opened.credentials());
        Transport memory = opened.memory();
        Way way = new Way(
                connection, settings, hosts, memory == null ? web(connection, connector, options, hosts) : memory);
        return (call, request) -> account.send(way, call, request);
    }

    private Transport web(String connection, Connector connector, UpstreamOptions options, Hosts hosts) {
        return new WebTransport(vertx, client(connection, concurrent(connector, options), options), hosts);
    }

    /** Where tokens come from; null where the settings are all that it takes. */
    private @Nullable Tokens tokens(Loop loop, Way way, Connector connector, TokenStore store) {
        return Tokens.open(loop, way, connector, store, metrics, RandomGenerator.getDefault());
    }

    private HttpClient client(String connection, int concurrent, UpstreamOptions options) {
        return clients.computeIfAbsent(connection, absent -> Clients.open(vertx, concurrent + TRIALS, options));
    }

    /** The budgets of all connections that were opened, by name. */
    public Map<String, Budget> budgets() {
        return Map.copyOf(budgets);
    }

    /** How connections come by their credentials, by name. */
    public Map<String, Credentials> credentials() {
        return Map.copyOf(credentials);
    }

    /**
     * A way out with settings that are only tried: an account of its own, which no connection shares. Waits for nothing. Where an operator has connected the
     * account and the credentials are the same, it is that account, since nothing else has its token.
     */
    public Http tryOut(String connection, Connector connector, Settings settings, UpstreamOptions options) {
        Hosts hosts = Hosts.of(connector, settings);
        Transport transport = connector instanceof InMemory inMemory
                ? inMemory.transport(settings, trials)
                : web(connection, connector, options, hosts);
        Way way = new Way(connection, settings, hosts, transport);
        Opened same = accounts.get(Identity.of(connection, connector, settings));
        boolean hasToken = same != null && same.credentials() instanceof Connecting;
        Account account = same != null && hasToken
                ? same.account()
                : account(
                        trials,
                        connector,
                        settings,
                        options,
                        Counters.inMemory(),
                        connection,
                        tokens(trials, way, connector, TokenStore.inMemory()));
        return (call, request) -> account.send(way, call, request);
    }

    private Account account(
            Loop loop,
            Connector connector,
            Settings settings,
            UpstreamOptions options,
            Counters counted,
            String id,
            @Nullable Tokens tokens) {
        Account account = new Account(
                loop,
                connector,
                limits(connector.limits(settings), options.rate()),
                concurrent(connector, options),
                counted,
                id,
                metrics,
                RandomGenerator.getDefault(),
                tokens == null ? Signing.OF_SETTINGS : tokens);
        if (tokens != null) {
            tokens.whenChanged(account::signingChanged);
        }
        account.start();
        return account;
    }

    private static int concurrent(Connector connector, UpstreamOptions options) {
        return options.concurrent() > 0
                ? options.concurrent()
                : connector.descriptor().concurrent();
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

    /** Keeps what must be known after a restart, and lets go of all connections. */
    public Future<Void> close() {
        return Future.join(accounts.values().stream()
                        .map(opened -> opened.account().close())
                        .toList())
                .otherwiseEmpty()
                .compose(kept -> Future.join(
                        clients.values().stream().map(HttpClient::close).toList()))
                .mapEmpty();
    }
}
