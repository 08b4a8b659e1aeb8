package io.crmux.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.help.HelpFormatter;
import org.apache.commons.cli.help.OptionFormatter;
import org.apache.commons.cli.help.TableDefinition;
import org.apache.commons.cli.help.TextHelpAppendable;
import org.apache.commons.cli.help.TextStyle;

/**
 * What a command's help says.
 *
 * @param words what calls the command, such as {@code crmux outbox stat}
 */
record Help(String words, Command command) {

    private static final int WIDTH = 80;

    private static final HelpFormatter OPTIONS = HelpFormatter.builder()
            .setOptionFormatBuilder(
                    OptionFormatter.builder().setOptArgSeparator("=").setArgumentNameDelimiters("", ""))
            .get();

    void print(PrintWriter to) {
        StringBuilder text = new StringBuilder();
        TextHelpAppendable page = new TextHelpAppendable(text);
        page.setMaxWidth(WIDTH);
        page.setLeftPad(0);
        try {
            page.setIndent("Usage: ".length() + words.length() + 1);
            page.printWrapped(usage());
            page.setIndent(0);
            for (String line : command.description().lines().toList()) {
                page.printWrapped(line);
            }
            table(page, rows());
            if (command instanceof Group group) {
                page.printWrapped("Commands:");
                table(page, commands(group));
            }
            text.append(command.syntax().footer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        text.toString()
                .lines()
                .map(String::stripTrailing)
                .filter(line -> !line.isEmpty())
                .forEach(to::println);
    }

    /** How the command is called, in a line. */
    String usage() {
        List<String> parts = new ArrayList<>(List.of("Usage:", words));
        parts.add(OPTIONS.toSyntaxOptions(command.syntax().options()));
        Syntax.Parameter parameter = command.syntax().parameter();
        if (parameter != null) {
            parts.add(parameter.usage());
        }
        if (command instanceof Group) {
            parts.add("COMMAND");
        }
        return String.join(" ", parts);
    }

    private List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        Syntax.Parameter parameter = command.syntax().parameter();
        if (parameter != null) {
            rows.add(List.of("    " + parameter.usage(), parameter.description()));
        }
        for (Option option : OPTIONS.sort(command.syntax().options())) {
            String letter = option.getOpt() == null ? "    " : "-" + option.getOpt() + ", ";
            String value = option.hasArg() ? "=" + option.getArgName() : "";
            rows.add(List.of(letter + "--" + option.getLongOpt() + value, option.getDescription()));
        }
        return rows;
    }

    private static List<List<String>> commands(Group group) {
        return group.commands().stream()
                .map(command -> List.of(
                        command.name(),
                        command.description().lines().findFirst().orElse("")))
                .toList();
    }

    private static void table(TextHelpAppendable page, List<List<String>> rows) throws IOException {
        TextStyle left = TextStyle.builder().setLeftPad(2).setScalable(false).get();
        TextStyle right =
                TextStyle.builder().setLeftPad(3).setIndent(2).setScalable(true).get();
        page.appendTable(TableDefinition.from("", List.of(left, right), List.of("", ""), rows));
    }
}
