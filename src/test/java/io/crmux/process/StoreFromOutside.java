package io.crmux.process;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;

/** The store of a process that may be running, as another process sees it. */
final class StoreFromOutside implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 5_000;

    private final Connection connection;

    /** Opens the store of a {@link CrmuxProcess} in that folder. */
    StoreFromOutside(Path folder) {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(PATIENCE_MILLIS);
        try {
            connection = config.createConnection("jdbc:sqlite:" + folder.resolve("crmux.db"));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on, until this is closed, nothing that the process writes gets into the store. */
    void keepWritersOut() {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The one token that is in the store, encrypted; empty when none is. */
    String token() {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT text FROM texts WHERE kind = 'token'")) {
            return row.next() ? row.getString(1) : "";
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
