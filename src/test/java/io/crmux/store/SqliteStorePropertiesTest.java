package io.crmux.store;

import java.nio.file.Path;

class SqliteStorePropertiesTest extends StoreProperties {

    @Override
    Store open(Path folder) {
        return SqliteStore.open(StoreOptions.DEFAULTS.at(folder.resolve("crmux.db")));
    }
}
