package io.crmux.upstream;

import io.crmux.crm.Connector;
import io.crmux.crm.Http;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Settings;
import io.crmux.crm.Transport;
import io.crmux.telemetry.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Random;

/** An account's way out on a loop whose time a test moves. */
public final class ManualUpstream {

    private ManualUpstream() {}

    public static Http open(ManualLoop loop, Connector connector, Settings settings, Transport transport) {
        Account account = new Account(
                loop,
                connector,
                settings,
                transport,
                connector.limits(settings),
                connector.descriptor().concurrent(),
                new Metrics(new SimpleMeterRegistry()),
                new Random(1));
        return (call, request) -> account.send("main", call, request);
    }
}
