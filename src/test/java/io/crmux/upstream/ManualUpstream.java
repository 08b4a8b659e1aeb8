package io.crmux.upstream;

import io.crmux.crm.Connector;
import io.crmux.crm.Credentials;
import io.crmux.crm.Http;
import io.crmux.crm.Limit;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Settings;
import io.crmux.crm.Transport;
import io.crmux.telemetry.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Accounts on a loop whose time a test moves. */
public final class ManualUpstream {

    private ManualUpstream() {}

    /** An account's way out. */
    public static Http open(ManualLoop loop, Connector connector, Settings settings, Transport transport) {
        return open(loop, connector, settings, transport, TokenStore.inMemory()).http();
    }

    /** The same, of the connection {@code main} in metrics. */
    public static Http open(
            ManualLoop loop, Connector connector, Settings settings, Transport transport, Metrics metrics) {
        return open(loop, connector, settings, transport, TokenStore.inMemory(), metrics)
                .http();
    }

    /** A connection's way out, and how it comes by its credentials. */
    public record Opened(Http http, Credentials credentials) {}

    /** The same, with its tokens in a store. */
    public static Opened open(
            ManualLoop loop, Connector connector, Settings settings, Transport transport, TokenStore store) {
        return open(loop, connector, settings, transport, store, new Metrics(new SimpleMeterRegistry()));
    }

    private static Opened open(
            ManualLoop loop,
            Connector connector,
            Settings settings,
            Transport transport,
            TokenStore store,
            Metrics metrics) {
        Way way = new Way("main", settings, Hosts.of(connector, settings), transport);
        Tokens tokens = Tokens.open(loop, way, connector, store, metrics, new Random(1));
        Account account = account(
                loop,
                connector,
                connector.limits(settings),
                connector.descriptor().concurrent(),
                Counters.inMemory(),
                tokens == null ? Signing.OF_SETTINGS : tokens,
                metrics);
        if (tokens != null) {
            tokens.whenChanged(account::signingChanged);
        }
        return new Opened(
                (call, request) -> account.send(way, call, request),
                tokens == null ? Credentials.ofSettings() : tokens.credentials());
    }

    static Account account(
            ManualLoop loop, Connector connector, List<Limit> limits, int concurrent, Counters counters) {
        return account(
                loop,
                connector,
                limits,
                concurrent,
                counters,
                Signing.OF_SETTINGS,
                new Metrics(new SimpleMeterRegistry()));
    }

    private static Account account(
            ManualLoop loop,
            Connector connector,
            List<Limit> limits,
            int concurrent,
            Counters counters,
            Signing signing,
            Metrics metrics) {
        Account account =
                new Account(loop, connector, limits, concurrent, counters, "account", metrics, new Random(1), signing);
        account.start();
        return account;
    }

    static Way way(Connector connector, Transport transport) {
        Settings none = new Settings(Map.of());
        return new Way("c", none, Hosts.of(connector, none), transport);
    }
}
