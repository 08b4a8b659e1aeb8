package io.crmux.command;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;

/** Enters what the CRM refused for good once more. */
final class DeadReplayCommand implements Command {

    private static final String ALL = "all";
    private static final String CONTACT = "contact";
    private static final String TYPE = "type";

    @Override
    public String name() {
        return "replay";
    }

    @Override
    public String description() {
        return "Enters dead letters as new writes, without what a later write has changed.";
    }

    @Override
    public Syntax syntax() {
        return GatewayOption.addConnection(new Syntax())
                .flag(ALL, "All of them, or all that match.")
                .option(CONTACT, "CONTACT", "With --all: of this contact alone: its id, or email: and its address.")
                .option(TYPE, "TYPE", "With --all: whose problem has this type, such as tag-unknown.")
                .parameter("OPERATION", 0, Integer.MAX_VALUE, "The dead letters.");
    }

    @Override
    public int run(Invocation invocation) {
        List<String> named = invocation.parameters();
        boolean all = invocation.has(ALL);
        if (all != named.isEmpty()) {
            throw new MisuseException("either operations must be named, or --all");
        }
        if (!all && (invocation.has(CONTACT) || invocation.has(TYPE))) {
            throw new MisuseException("--contact and --type go with --all");
        }
        GatewayClient client = GatewayOption.open(invocation);
        if (!all) {
            return DeadLetters.each(
                    invocation,
                    operation -> words(client.post("dead/" + GatewayClient.encoded(operation) + "/replay", null)));
        }
        JsonObject filter = new JsonObject();
        for (String option : List.of(CONTACT, TYPE)) {
            if (invocation.has(option)) {
                filter.put(option, invocation.option(option));
            }
        }
        JsonObject count = client.post("dead/replay", filter);
        invocation
                .out()
                .println(count.getInteger("replayed") + " replayed, " + count.getInteger("superseded")
                        + " superseded by later writes");
        return 0;
    }

    private static String words(JsonObject replayed) {
        String skipped =
                replayed.getJsonArray("skipped").stream().map(String::valueOf).collect(Collectors.joining(", "));
        String operation = replayed.getString("operation");
        return (operation == null ? "superseded by later writes" : "replayed as " + operation)
                + (skipped.isEmpty() ? "" : ", left out: " + DeadTable.printable(skipped));
    }
}
