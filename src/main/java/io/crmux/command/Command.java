package io.crmux.command;

/** A command of the command line: what it is called, what it takes, and what it does. */
interface Command {

    /** The word that calls it. */
    String name();

    /** What the help says of it. Its first line stands in the list of commands, too. */
    String description();

    /** What it takes besides the word: the option for help and nothing else, unless it says more. */
    default Syntax syntax() {
        return new Syntax();
    }

    /**
     * Does what it is called for, and answers with the code that the process ends with, one of {@link Exit}.
     *
     * @throws MisuseException when what it was given cannot be meant
     * @throws Exception when it cannot be done; {@link Exit#code} says what the process ends with
     */
    int run(Invocation invocation) throws Exception;
}
