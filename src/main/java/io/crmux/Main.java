package io.crmux;

import io.crmux.command.CheckCommand;
import io.crmux.command.Commands;
import io.crmux.command.ConnectCommand;
import io.crmux.command.ConnectorsCommand;
import io.crmux.command.DeadCommand;
import io.crmux.command.Exit;
import io.crmux.command.KeyCommand;
import io.crmux.command.OutboxCommand;
import io.crmux.command.ServeCommand;
import io.crmux.command.Version;
import io.crmux.config.ConfigException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The command line. */
@Command(
        name = "crmux",
        description = "A gateway between sites and their CRMs.",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:done",
            "1:a failure that is none of the others",
            "2:the command line cannot be understood",
            "3:the configuration, or a jar of connectors, has mistakes",
            "4:a check has failed",
            "5:another process uses the store",
            "6:the address cannot be listened on",
            "7:the gateway cannot be reached",
            "8:the gateway refuses: the key, its rights, or what was asked"
        })
public final class Main {

    /** In the order in which the help lists them; each is called as its class, without the word at its end. */
    private static final List<Class<?>> COMMANDS = List.of(
            ServeCommand.class,
            CheckCommand.class,
            KeyCommand.class,
            ConnectorsCommand.class,
            OutboxCommand.class,
            DeadCommand.class,
            ConnectCommand.class,
            VersionCommand.class);

    private static final String EXCLUDED_CONVERTERS = "picocli.converters.excludes";

    private Main() {}

    public static void main(String[] arguments) {
        leaveOutConverters();
        System.exit(run(writer(System.out), writer(System.err), System.getenv(), arguments));
    }

    /** Picocli gets ready to read options of all kinds; to load these, which none of ours is of, takes a thirtieth of a start. */
    private static void leaveOutConverters() {
        if (System.getProperty(EXCLUDED_CONVERTERS) == null) {
            System.setProperty(
                    EXCLUDED_CONVERTERS, "java\\.time\\.Year,java\\.time\\.YearMonth,java\\.time\\.MonthDay");
        }
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, Charset.defaultCharset());
    }

    /** Runs a command and answers with its exit code. */
    static int run(PrintWriter out, PrintWriter err, Map<String, String> environment, String... arguments) {
        CommandLine commandLine = new CommandLine(new Main(), new Commands(environment));
        addCommands(commandLine, arguments);
        addHelp(commandLine);
        commandLine.setOut(out).setErr(err).setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println(failure instanceof ConfigException ? failure.getMessage() : words(failure));
            return Exit.code(failure);
        });
        return arguments.length == 0 ? help(commandLine) : commandLine.execute(arguments);
    }

    /** Only the one that is called, where one is: to look at all takes a tenth of a start. */
    private static void addCommands(CommandLine commandLine, String... arguments) {
        String called = arguments.length == 0 ? "" : arguments[0] + "command";
        Optional<Class<?>> only = COMMANDS.stream()
                .filter(command -> command.getSimpleName().equalsIgnoreCase(called))
                .findFirst();
        if (only.isPresent()) {
            commandLine.addSubcommand(only.get());
        } else {
            COMMANDS.forEach(commandLine::addSubcommand);
            commandLine.addSubcommand(CommandLine.HelpCommand.class);
        }
    }

    /** The usual option for help, for a command and all below it that do not bring one. */
    private static void addHelp(CommandLine commandLine) {
        CommandSpec spec = commandLine.getCommandSpec();
        if (spec.findOption("--help") == null) {
            spec.addOption(OptionSpec.builder("-h", "--help")
                    .usageHelp(true)
                    .type(boolean.class)
                    .description("Shows this.")
                    .build());
        }
        commandLine.getSubcommands().values().forEach(Main::addHelp);
    }

    private static int help(CommandLine commandLine) {
        commandLine.usage(commandLine.getErr());
        return Exit.USAGE;
    }

    private static String words(Exception failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    /** Says which version this is. */
    @Command(name = "version", description = "Says which version this is.")
    static final class VersionCommand implements Runnable {

        @CommandLine.Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public void run() {
            spec.commandLine().getOut().println("crmux " + Version.get());
        }
    }
}
