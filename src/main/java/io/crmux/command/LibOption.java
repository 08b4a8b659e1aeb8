package io.crmux.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The option that names the folder with further connectors. */
final class LibOption {

    private static final String LIB = "lib";
    private static final Path DEFAULT = Path.of("lib");

    private LibOption() {}

    static Syntax addTo(Syntax syntax) {
        return syntax.option(
                LIB, "FOLDER", "The folder with jars of further connectors (default: lib, where there is one).");
    }

    /** All connectors, by slug. A folder that was named must be there; the default one need not. */
    static List<FoundConnector> connectors(Invocation invocation) throws LibraryException {
        String named = invocation.option(LIB);
        Path ifThere = Files.isDirectory(DEFAULT) ? DEFAULT : null;
        return Connectors.withJarsOf(named == null ? ifThere : Path.of(named));
    }
}
