package io.crmux.command;

import io.crmux.config.Nearest;
import java.util.List;

/** Commands below a word of their own. Alone it only says which they are. */
record Group(String name, String description, String footer, List<Command> commands) implements Command {

    /** The command that a word calls. */
    Command named(String word) {
        return commands.stream()
                .filter(command -> command.name().equals(word))
                .findFirst()
                .orElseThrow(() -> new MisuseException("unknown command " + word + ": "
                        + Nearest.guess(
                                word, commands.stream().map(Command::name).toList())));
    }

    @Override
    public Syntax syntax() {
        return new Syntax().footer(footer);
    }

    @Override
    public int run(Invocation invocation) {
        new Help(invocation.words(), this).print(invocation.err());
        return Exit.USAGE;
    }
}
