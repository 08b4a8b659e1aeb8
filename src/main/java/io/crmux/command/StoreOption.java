package io.crmux.command;

import io.crmux.config.ConfigException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that name a store: its path, or the configuration that says it. */
final class StoreOption {

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(names = "--store", paramLabel = "FILE", description = "The store. Without it the configuration says which.")
    private @Nullable Path store;

    Path path() throws ConfigException, LibraryException {
        return store == null ? config.read().store().path() : store;
    }
}
