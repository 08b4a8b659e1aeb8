package io.crmux.command;

import io.crmux.config.Config;
import io.crmux.config.ConfigException;
import io.crmux.config.ConfigReader;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that name the configuration, and where the connectors are of which it speaks. */
final class ConfigOption {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "conf/crmux.yaml",
            description = "The configuration (default: ${DEFAULT-VALUE}).")
    private Path file = Path.of("conf", "crmux.yaml");

    @Mixin
    private LibOption lib = new LibOption();

    Config read() throws ConfigException, LibraryException {
        return new ConfigReader(lib.all(), System.getenv()).read(file);
    }
}
