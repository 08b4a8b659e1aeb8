package io.crmux.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;

/** Opens connections to the database. The tests put their own in between, to count and to fail. */
interface Opener {

    /** SQLite's own. */
    Opener SQLITE = (file, readOnly) -> {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(readOnly);
        config.setBusyTimeout(5000);
        return config.createConnection("jdbc:sqlite:" + file);
    };

    /** Opens one more connection to a file that exists. */
    Connection open(Path file, boolean readOnly) throws SQLException;
}
