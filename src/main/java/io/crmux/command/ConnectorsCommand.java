package io.crmux.command;

import io.crmux.crm.Descriptor;
import io.crmux.crm.Limit;
import io.crmux.crm.Operation;
import io.crmux.crm.Setting;
import java.io.PrintWriter;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the connectors. */
@Command(name = "connectors", description = "Lists the CRMs that crmux knows, their settings and what they can do.")
public final class ConnectorsCommand implements Runnable {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        Connectors.all().forEach(connector -> print(out, connector.descriptor()));
    }

    private static void print(PrintWriter out, Descriptor descriptor) {
        out.println(descriptor.slug() + " (" + descriptor.name() + ")");
        out.println("  a tag is   " + descriptor.tag());
        out.println("  settings   "
                + descriptor.settings().stream().map(ConnectorsCommand::words).collect(Collectors.joining(", ")));
        out.println("  supports   "
                + descriptor.supports().stream()
                        .sorted()
                        .map(Operation::toString)
                        .collect(Collectors.joining(", ")));
        out.println("  limits     "
                + descriptor.limits().stream()
                        .map(ConnectorsCommand::words)
                        .map(words -> words + ", ")
                        .collect(Collectors.joining())
                + descriptor.concurrent() + " calls at once");
        out.println("  described  " + descriptor.docs());
        out.println();
    }

    private static String words(Setting setting) {
        String kind = setting.required()
                ? "required"
                : setting.fallback() == null ? "optional" : "default " + setting.fallback();
        return setting.name() + " (" + kind + (setting.secret() ? ", secret" : "") + ")";
    }

    private static String words(Limit limit) {
        return limit.calls() + " calls in " + limit.window().toSeconds() + " s";
    }
}
