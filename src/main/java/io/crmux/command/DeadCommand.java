package io.crmux.command;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what the CRM refused for good, and says what is to become of it. */
@Command(
        name = "dead",
        description = "Lists, replays and discards dead letters, through the API of a running gateway.",
        synopsisSubcommandLabel = "COMMAND",
        footer = "The environment variable " + GatewayOption.TOKEN + " must be a key that has the right admin.")
public final class DeadCommand {

    @Command(description = "Lists the dead letters, the oldest first.")
    int list(
            @Mixin GatewayOption gateway,
            @Option(
                            names = "--contact",
                            paramLabel = "CONTACT",
                            description = "Of this contact alone: its id, or email: and its address.")
                    @Nullable
                    String contact,
            @Option(names = "--json", description = "A line of JSON for each, with what the write says.")
                    boolean json) {
        GatewayClient client = gateway.open();
        PrintWriter out = gateway.out();
        String query = contact == null ? "" : "&contact=" + GatewayClient.encoded(contact);
        String cursor = "";
        boolean first = true;
        while (cursor != null && !out.checkError()) {
            JsonObject page = client.get("dead?limit=100" + query + cursor);
            List<JsonObject> letters = objects(page.getJsonArray("operations"));
            if (first && !json) {
                out.println(letters.isEmpty() ? "no dead letters" : DeadTable.HEAD);
            }
            letters.forEach(letter -> out.println(json ? letter.encode() : DeadTable.row(letter)));
            String next = page.getString("cursor");
            cursor = next == null ? null : "&cursor=" + GatewayClient.encoded(next);
            first = false;
        }
        return 0;
    }

    private static List<JsonObject> objects(JsonArray array) {
        List<JsonObject> objects = new ArrayList<>();
        array.forEach(element -> objects.add((JsonObject) element));
        return objects;
    }

    @Command(description = "Enters dead letters as new writes, without what a later write has changed.")
    int replay(
            @Mixin GatewayOption gateway,
            @Parameters(paramLabel = "OPERATION", arity = "0..*", description = "The dead letters.") @Nullable
                    List<String> operations,
            @Option(names = "--all", description = "All of them, or all that match.") boolean all,
            @Option(
                            names = "--contact",
                            paramLabel = "CONTACT",
                            description = "With --all: of this contact alone: its id, or email: and its address.")
                    @Nullable
                    String contact,
            @Option(
                            names = "--type",
                            paramLabel = "TYPE",
                            description = "With --all: whose problem has this type, such as tag-unknown.")
                    @Nullable
                    String type) {
        List<String> named = operations == null ? List.of() : operations;
        if (all != named.isEmpty()) {
            throw gateway.misused("either operations must be named, or --all");
        }
        if (!all && (contact != null || type != null)) {
            throw gateway.misused("--contact and --type go with --all");
        }
        GatewayClient client = gateway.open();
        if (!all) {
            return each(
                    gateway,
                    named,
                    operation -> words(client.post("dead/" + GatewayClient.encoded(operation) + "/replay", null)));
        }
        JsonObject filter = new JsonObject();
        if (contact != null) {
            filter.put("contact", contact);
        }
        if (type != null) {
            filter.put("type", type);
        }
        JsonObject count = client.post("dead/replay", filter);
        gateway.out()
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

    @Command(description = "Gives dead letters up.")
    int discard(
            @Mixin GatewayOption gateway,
            @Parameters(paramLabel = "OPERATION", arity = "1..*", description = "The dead letters.")
                    List<String> operations) {
        GatewayClient client = gateway.open();
        return each(gateway, operations, operation -> {
            client.delete("dead/" + GatewayClient.encoded(operation));
            return "discarded";
        });
    }

    /** One that is no dead letter does not keep the others from their turn. */
    private static int each(GatewayOption gateway, List<String> operations, Function<String, String> action) {
        int code = 0;
        for (String operation : operations) {
            try {
                gateway.out().println(operation + ": " + action.apply(operation));
            } catch (RefusedException refused) {
                if (!refused.isNotFound()) {
                    throw refused;
                }
                gateway.err().println(operation + ": " + refused.getMessage());
                code = Exit.REFUSED;
            }
        }
        return code;
    }
}
