package io.crmux.command;

import java.io.PrintWriter;
import java.util.stream.Collectors;

/** Lists the connectors. */
final class ConnectorsCommand implements Command {

    @Override
    public String name() {
        return "connectors";
    }

    @Override
    public String description() {
        return "Lists the CRMs that crmux knows, their settings and what they can do.";
    }

    @Override
    public Syntax syntax() {
        return LibOption.addTo(new Syntax());
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        PrintWriter out = invocation.out();
        LibOption.connectors(invocation).forEach(found -> print(out, found));
        return 0;
    }

    private static void print(PrintWriter out, FoundConnector found) {
        ConnectorFacts facts = ConnectorFacts.of(found.connector());
        out.println(facts.descriptor().slug() + " (" + facts.descriptor().name() + ")");
        print(out, "comes from", found.origin());
        print(
                out,
                "settings",
                facts.descriptor().settings().stream()
                        .map(ConnectorFacts::words)
                        .collect(Collectors.joining(", ")));
        facts.all().forEach((name, words) -> print(out, name, words));
        print(
                out,
                "fields",
                facts.fields().entrySet().stream()
                        .map(field -> field.getKey() + " -> " + field.getValue())
                        .collect(Collectors.joining(", ")));
        print(out, "described", facts.descriptor().docs());
        out.println();
    }

    private static void print(PrintWriter out, String name, String words) {
        out.printf("  %-15s %s%n", name, words);
    }
}
