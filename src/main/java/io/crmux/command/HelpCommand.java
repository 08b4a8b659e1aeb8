package io.crmux.command;

import java.util.stream.Stream;

/** Says how a command is used. */
final class HelpCommand implements Command {

    @Override
    public String name() {
        return "help";
    }

    @Override
    public String description() {
        return "Says how a command is used.";
    }

    @Override
    public Syntax syntax() {
        return new Syntax().parameter("COMMAND", 0, Integer.MAX_VALUE, "The words of the command.");
    }

    @Override
    public int run(Invocation invocation) {
        return Commands.run(
                invocation.console(),
                Stream.concat(invocation.parameters().stream(), Stream.of("--" + Syntax.HELP))
                        .toArray(String[]::new));
    }
}
