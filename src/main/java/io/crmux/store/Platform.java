package io.crmux.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;

/** What a store stands on: SQLite and a disk. The tests put their own in between, to count and to fail. */
interface Platform {

    /** The real one. */
    Platform SQLITE = (file, readOnly) -> {
        NativeLibrary.load();
        return config(readOnly).createConnection("jdbc:sqlite:" + file);
    };

    private static SQLiteConfig config(boolean readOnly) {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(readOnly);
        config.setBusyTimeout(5000);
        // the driver would ask for the row's id with a statement of its own after each insertion
        config.setGetGeneratedKeys(false);
        return config;
    }

    /** Loads what the first connection would load. Blocks. */
    static void prepare() {
        config(false);
        NativeLibrary.load();
    }

    /** Opens one more connection to a file that exists. */
    Connection open(Path file, boolean readOnly) throws SQLException;

    /** How many bytes the disk has left for a file. */
    default long bytesLeft(Path file) {
        return file.toFile().getUsableSpace();
    }
}
