package io.crmux.command;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Connects a connection to its CRM, and says whether that works. */
@Command(
        name = "connect",
        description = {
            "Connects a connection to its CRM, through the API of a running gateway.",
            "Where an operator must agree, it prints the address of the CRM's page, and waits until somebody has been there."
        },
        footer = "The environment variable " + GatewayAddress.TOKEN + " must be a key that has the right admin.")
public final class ConnectCommand implements Callable<Integer> {

    private static final long POLL_MILLIS = 500;
    /** As long as the gateway waits for an operator to come back. */
    private static final long PATIENCE_NANOS = Duration.ofMinutes(10).toNanos();

    @Mixin
    private GatewayAddress gateway;

    @Parameters(paramLabel = "NAME", description = "The connection.")
    private String name = "";

    public ConnectCommand(GatewayAddress gateway) {
        this.gateway = gateway;
    }

    @Override
    public Integer call() throws InterruptedException {
        GatewayClient client = gateway.open(name);
        JsonObject before = client.get("connect");
        if (before.getString("by").equals("operator")) {
            gateway.out().println("Open this address in a browser and agree there:");
            gateway.out().println();
            gateway.out().println(client.signIn());
            gateway.out().println();
            gateway.out().flush();
            JsonObject after = afterAnswer(client, before.getInteger("answers"));
            if (!after.getBoolean("connected") || after.getString("problem") != null) {
                gateway.err().println(name + " is not connected: " + after.getString("problem"));
                return Exit.CHECK;
            }
        }
        gateway.out()
                .println(name + " is connected: " + client.post("connect", null).getString("account"));
        return 0;
    }

    private JsonObject afterAnswer(GatewayClient client, int answers) throws InterruptedException {
        long began = System.nanoTime();
        JsonObject now = client.get("connect");
        while (now.getInteger("answers") == answers) {
            if (System.nanoTime() - began > PATIENCE_NANOS) {
                return now.put("connected", false).put("problem", "nobody came back from the CRM's page");
            }
            Thread.sleep(POLL_MILLIS);
            now = client.get("connect");
        }
        return now;
    }
}
