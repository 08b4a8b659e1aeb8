package io.crmux.command;

import io.crmux.config.Config;
import io.crmux.config.ConnectionConfig;
import io.crmux.crm.Account;
import io.crmux.crm.Call;
import io.crmux.crm.Deadline;
import io.crmux.crm.Http;
import io.crmux.crm.Lane;
import io.crmux.crm.Loop;
import io.crmux.crm.Operation;
import io.crmux.crm.Trace;
import io.crmux.crm.VertxLoop;
import io.crmux.telemetry.Metrics;
import io.crmux.upstream.Counters;
import io.crmux.upstream.Upstream;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks a configuration and whether its connections work. */
final class CheckCommand implements Command {

    private static final long MILLIS = 15_000;

    @Override
    public String name() {
        return "check";
    }

    @Override
    public String description() {
        return "Checks the configuration, then tries every connection.";
    }

    @Override
    public Syntax syntax() {
        return ConfigOption.addTo(new Syntax());
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        Config checked = ConfigOption.read(invocation);
        Vertx vertx = Vertx.vertx();
        try {
            return check(checked, vertx, invocation.out());
        } finally {
            vertx.close().await();
        }
    }

    /** All at once: one that hangs holds the others up no longer than itself. */
    private static int check(Config checked, Vertx vertx, PrintWriter out) {
        Upstream upstream = new Upstream(vertx, new Metrics(new SimpleMeterRegistry()), Counters.inMemory());
        Loop loop = VertxLoop.open(vertx);
        Map<String, Future<Account>> accounts = new LinkedHashMap<>();
        for (ConnectionConfig connection : checked.connections()) {
            if (!connection.needsOperator()) {
                accounts.put(connection.name(), connect(connection, upstream, loop));
            }
        }
        Future.join(List.copyOf(accounts.values())).otherwiseEmpty().await();
        for (ConnectionConfig connection : checked.connections()) {
            out.println(connection.name() + ": " + words(connection.name(), accounts.get(connection.name())));
        }
        return accounts.values().stream().allMatch(Future::succeeded) ? 0 : Exit.CHECK;
    }

    private static Future<Account> connect(ConnectionConfig connection, Upstream upstream, Loop loop) {
        Call call = new Call(Lane.VISITOR, Deadline.in(loop, MILLIS), Operation.CONNECT, new Trace("check"));
        Http http =
                upstream.open(connection.name(), connection.connector(), connection.settings(), connection.upstream());
        return connection.connector().open(connection.settings(), http).connect(call);
    }

    /** The token of a connection that an operator connects is the running gateway's alone: two would renew it in turn, and lose it. */
    private static String words(String name, @Nullable Future<Account> account) {
        if (account == null) {
            return "not tried: crmux connect " + name + " says whether it works";
        }
        return account.succeeded()
                ? "works, " + account.result().name()
                : "does not work: " + account.cause().getMessage();
    }
}
