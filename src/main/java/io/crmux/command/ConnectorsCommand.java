package io.crmux.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the connectors. */
@Command(name = "connectors", description = "Lists the CRMs that crmux knows, their settings and what they can do.")
public final class ConnectorsCommand implements Callable<Integer> {

    @Mixin
    private LibOption lib = new LibOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        lib.connectors().forEach(found -> print(out, found));
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
