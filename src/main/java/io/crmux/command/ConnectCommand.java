package io.crmux.command;

import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** Connects a connection to its CRM, and says whether that works. */
final class ConnectCommand implements Command {

    private static final long POLL_MILLIS = 500;
    /** As long as the gateway waits for an operator to come back. */
    private static final long PATIENCE_NANOS = Duration.ofMinutes(10).toNanos();

    @Override
    public String name() {
        return "connect";
    }

    @Override
    public String description() {
        return """
                Connects a connection to its CRM, through the API of a running gateway.
                Where an operator must agree, it prints the address of the CRM's page, and waits until somebody has been there.""";
    }

    @Override
    public Syntax syntax() {
        return GatewayOption.addUrl(new Syntax()).parameter("NAME", 1, 1, "The connection.");
    }

    @Override
    public int run(Invocation invocation) throws InterruptedException {
        String name = invocation.parameters().get(0);
        GatewayClient client = GatewayOption.open(invocation, name);
        JsonObject before = client.get("connect");
        if (before.getString("by").equals("operator")) {
            invocation.out().println("Open this address in a browser and agree there:");
            invocation.out().println();
            invocation.out().println(client.signIn());
            invocation.out().println();
            invocation.out().flush();
            JsonObject after = afterAnswer(client, before.getInteger("answers"));
            if (!after.getBoolean("connected") || after.getString("problem") != null) {
                invocation.err().println(name + " is not connected: " + after.getString("problem"));
                return Exit.CHECK;
            }
        }
        invocation
                .out()
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
