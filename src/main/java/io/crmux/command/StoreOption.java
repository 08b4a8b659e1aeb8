package io.crmux.command;

import io.crmux.config.ConfigException;
import java.nio.file.Path;

/** The options that name a store: its path, or the configuration that says it. */
final class StoreOption {

    private static final String STORE = "store";

    private StoreOption() {}

    static Syntax addTo(Syntax syntax) {
        return ConfigOption.addTo(syntax.option(STORE, "FILE", "The store. Without it the configuration says which."));
    }

    static Path path(Invocation invocation) throws ConfigException, LibraryException {
        String named = invocation.option(STORE);
        return named == null ? ConfigOption.read(invocation).store().path() : Path.of(named);
    }
}
