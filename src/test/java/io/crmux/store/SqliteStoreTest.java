package io.crmux.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends StoreContract {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Override
    Store open() {
        return SqliteStore.open(StoreOptions.DEFAULTS.at(folder.resolve("data").resolve("crmux.db")));
    }
}
