package io.crmux.command;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.jspecify.annotations.Nullable;

/**
 * A command as it was called.
 *
 * @param words what called it, such as {@code crmux outbox stat}
 * @param given what it was given, which its {@link Syntax} allows
 */
record Invocation(String words, CommandLine given, Console console) {

    /** Where a command reads and writes. */
    record Console(PrintWriter out, PrintWriter err, Map<String, String> environment) {}

    PrintWriter out() {
        return console.out();
    }

    PrintWriter err() {
        return console.err();
    }

    /** A variable of the environment; empty where it is not set. */
    String variable(String name) {
        return console.environment().getOrDefault(name, "");
    }

    boolean has(String option) {
        return given.hasOption(option);
    }

    @Nullable
    String option(String name) {
        return given.getOptionValue(name);
    }

    String option(String name, String otherwise) {
        return given.getOptionValue(name, otherwise);
    }

    /** What was given without an option, in its order. */
    List<String> parameters() {
        return given.getArgList();
    }
}
