package io.crmux.command;

import io.crmux.config.Config;
import io.crmux.config.ConfigException;
import io.crmux.config.ConfigReader;
import java.nio.file.Path;

/** The options that name the configuration, and where the connectors are of which it speaks. */
final class ConfigOption {

    private static final String CONFIG = "config";
    private static final String DEFAULT = "conf/crmux.yaml";

    private ConfigOption() {}

    static Syntax addTo(Syntax syntax) {
        return LibOption.addTo(syntax.option(CONFIG, "FILE", "The configuration (default: " + DEFAULT + ")."));
    }

    static Config read(Invocation invocation) throws ConfigException, LibraryException {
        return new ConfigReader(
                        LibOption.connectors(invocation).stream()
                                .map(FoundConnector::connector)
                                .toList(),
                        invocation.console().environment())
                .read(Path.of(invocation.option(CONFIG, DEFAULT)));
    }
}
