package io.crmux.command;

import io.crmux.crm.Connector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names the folder with further connectors. */
final class LibOption {

    private static final Path DEFAULT = Path.of("lib");

    @Option(
            names = "--lib",
            paramLabel = "FOLDER",
            description = "The folder with jars of further connectors (default: lib, where there is one).")
    private @Nullable Path folder;

    /** All connectors, by slug. A folder that was named must be there; the default one need not. */
    List<FoundConnector> connectors() throws LibraryException {
        Path ifThere = Files.isDirectory(DEFAULT) ? DEFAULT : null;
        return Connectors.withJarsOf(folder == null ? ifThere : folder);
    }

    List<Connector> all() throws LibraryException {
        return connectors().stream().map(FoundConnector::connector).toList();
    }
}
