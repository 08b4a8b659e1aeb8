package io.crmux.command;

/** Gives up what the CRM refused for good. */
final class DeadDiscardCommand implements Command {

    @Override
    public String name() {
        return "discard";
    }

    @Override
    public String description() {
        return "Gives dead letters up.";
    }

    @Override
    public Syntax syntax() {
        return GatewayOption.addConnection(new Syntax())
                .parameter("OPERATION", 1, Integer.MAX_VALUE, "The dead letters.");
    }

    @Override
    public int run(Invocation invocation) {
        GatewayClient client = GatewayOption.open(invocation);
        return DeadLetters.each(invocation, operation -> {
            client.delete("dead/" + GatewayClient.encoded(operation));
            return "discarded";
        });
    }
}
