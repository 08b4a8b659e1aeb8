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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Checks a configuration and whether its connections work. */
@Command(name = "check", description = "Checks the configuration, then tries every connection.")
public final class CheckCommand implements Callable<Integer> {

    private static final long MILLIS = 15_000;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        Config checked = config.read();
        Vertx vertx = Vertx.vertx();
        try {
            return check(checked, vertx);
        } finally {
            vertx.close().await();
        }
    }

    /** All at once: one that hangs holds the others up no longer than itself. */
    private int check(Config checked, Vertx vertx) {
        Upstream upstream = new Upstream(vertx, new Metrics(new SimpleMeterRegistry()), Counters.inMemory());
        Loop loop = VertxLoop.open(vertx);
        List<Future<Account>> accounts = new ArrayList<>();
        for (ConnectionConfig connection : checked.connections()) {
            Call call = new Call(Lane.VISITOR, Deadline.in(loop, MILLIS), Operation.CONNECT, new Trace("check"));
            Http http = upstream.open(
                    connection.name(), connection.connector(), connection.settings(), connection.upstream());
            accounts.add(
                    connection.connector().open(connection.settings(), http).connect(call));
        }
        Future.join(accounts).otherwiseEmpty().await();
        PrintWriter out = spec.commandLine().getOut();
        for (int i = 0; i < accounts.size(); i++) {
            Future<Account> account = accounts.get(i);
            String name = checked.connections().get(i).name();
            out.println(
                    account.succeeded()
                            ? name + ": works, " + account.result().name()
                            : name + ": does not work: " + account.cause().getMessage());
        }
        return accounts.stream().allMatch(Future::succeeded) ? 0 : Exit.CHECK;
    }
}
