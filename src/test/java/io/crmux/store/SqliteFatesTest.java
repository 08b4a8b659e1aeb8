package io.crmux.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteFatesTest extends FatesContract {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Override
    Store open() {
        return SqliteStore.open(StoreOptions.DEFAULTS.at(folder.resolve("crmux.db")));
    }
}
