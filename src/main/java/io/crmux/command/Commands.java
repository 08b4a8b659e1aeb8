package io.crmux.command;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The commands, and how they are called. */
public final class Commands {

    /** In the order in which the help lists them. */
    private static final Group ALL = new Group(
            "crmux",
            "A gateway between sites and their CRMs.",
            Exit.HELP,
            List.of(
                    new ServeCommand(),
                    new CheckCommand(),
                    new KeyCommand(),
                    new ConnectorsCommand(),
                    new Group(
                            "outbox",
                            "Looks into the store, beside a running server or without one. Changes nothing.",
                            "",
                            List.of(new OutboxStatCommand(), new OutboxExportCommand())),
                    new Group(
                            "dead",
                            "Lists, replays and discards dead letters, through the API of a running gateway.",
                            GatewayOption.FOOTER,
                            List.of(new DeadListCommand(), new DeadReplayCommand(), new DeadDiscardCommand())),
                    new ConnectCommand(),
                    new VersionCommand(),
                    new HelpCommand()));

    private Commands() {}

    /** Runs the command that the arguments call, and answers with the code that the process ends with. */
    public static int run(PrintWriter out, PrintWriter err, Map<String, String> environment, String... arguments) {
        return run(new Invocation.Console(out, err, environment), arguments);
    }

    static int run(Invocation.Console console, String... arguments) {
        Command command = ALL;
        String words = ALL.name();
        int at = 0;
        try {
            while (command instanceof Group group && at < arguments.length && !arguments[at].startsWith("-")) {
                command = group.named(arguments[at]);
                words += " " + arguments[at];
                at++;
            }
            String[] given = Arrays.copyOfRange(arguments, at, arguments.length);
            if (asksForHelp(given)) {
                new Help(words, command).print(console.out());
                return 0;
            }
            return command.run(new Invocation(words, command.syntax().parse(given), console));
        } catch (MisuseException misuse) {
            console.err().println(misuse.getMessage());
            console.err().println(new Help(words, command).usage());
            return Exit.USAGE;
        } catch (Exception failure) {
            console.err().println(failure.getMessage() == null ? failure.toString() : failure.getMessage());
            return Exit.code(failure);
        }
    }

    /** Whoever asks for help need not know yet what the command must be given. */
    private static boolean asksForHelp(String... given) {
        return Arrays.stream(given)
                .takeWhile(argument -> !argument.equals("--"))
                .anyMatch(List.of("-h", "-" + Syntax.HELP, "--" + Syntax.HELP)::contains);
    }
}
