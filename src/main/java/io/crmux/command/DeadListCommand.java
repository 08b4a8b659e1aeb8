package io.crmux.command;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Shows what the CRM refused for good. */
final class DeadListCommand implements Command {

    private static final String CONTACT = "contact";
    private static final String JSON = "json";

    @Override
    public String name() {
        return "list";
    }

    @Override
    public String description() {
        return "Lists the dead letters, the oldest first.";
    }

    @Override
    public Syntax syntax() {
        return GatewayOption.addConnection(new Syntax())
                .option(CONTACT, "CONTACT", "Of this contact alone: its id, or email: and its address.")
                .flag(JSON, "A line of JSON for each, with what the write says.");
    }

    @Override
    public int run(Invocation invocation) {
        GatewayClient client = GatewayOption.open(invocation);
        PrintWriter out = invocation.out();
        String contact = invocation.option(CONTACT);
        boolean json = invocation.has(JSON);
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
}
