package io.crmux.command;

import io.crmux.config.Config;
import io.crmux.config.ConfigException;
import io.crmux.config.ConfigReader;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names the configuration. */
final class ConfigOption {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "conf/crmux.yaml",
            description = "The configuration (default: ${DEFAULT-VALUE}).")
    private Path file = Path.of("conf", "crmux.yaml");

    Config read() throws ConfigException {
        return new ConfigReader(Connectors.all(), System.getenv()).read(file);
    }
}
