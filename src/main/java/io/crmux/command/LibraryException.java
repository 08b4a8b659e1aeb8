package io.crmux.command;

import java.util.List;

/** Jars with connectors that cannot be used, with everything that is wrong with them. */
final class LibraryException extends Exception {

    private static final long serialVersionUID = 1L;
    private final transient List<String> problems;

    LibraryException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** Each begins with the jar. */
    List<String> problems() {
        return problems;
    }
}
