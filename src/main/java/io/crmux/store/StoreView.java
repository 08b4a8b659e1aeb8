package io.crmux.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * A look into a store's file, beside the server that uses it or without one. It takes no lock and writes neither changes nor log.
 *
 * <p>A file with a log is read together with it, as any reader does. Without one nobody has the store open, and it is read as a file that does not
 * change: otherwise SQLite would make a log for it.
 */
public final class StoreView implements AutoCloseable {

    private static final String OF_CONNECTION =
            "SELECT name, state, count(*), min(CASE WHEN state IN (2, 3) AND settled = 0 THEN accepted END)"
                    + " FROM connections LEFT JOIN changes ON connection = connections.id GROUP BY name, state ORDER BY name, state";

    private static final String PROBLEMS = """
            SELECT name, coalesce(json_extract(problem, '$.type'), 'unknown') AS type, count(*) FROM changes
            JOIN connections ON connection = connections.id WHERE state = 5 GROUP BY name, type ORDER BY name, type""";

    private static final String PAGE = """
            SELECT name, %s FROM changes JOIN connections ON connection = connections.id
            WHERE seq > ?1 AND (?4 IS NULL OR name = ?4) AND (?5 IS NULL OR state = ?5) AND (?6 OR %s) ORDER BY seq LIMIT ?7""".formatted(PackedRows.ROW, OfContacts.CONDITION);

    private static final int ROWS_IN_A_PAGE = 500;

    private final Path file;
    private final boolean hadLog;
    private final Connection connection;

    private StoreView(Path file, boolean hadLog, Connection connection) {
        this.file = file;
        this.hadLog = hadLog;
        this.connection = connection;
    }

    /**
     * Opens a store's file. Blocks, as everything here does.
     *
     * @throws StoreException when it is not there, cannot be read, is not a store, or not in the present format
     */
    public static StoreView open(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new StoreException("there is no store at " + path, null);
        }
        try {
            Path file = path.toRealPath();
            boolean hasLog = Files.exists(log(file));
            Connection connection = hasLog ? Platform.SQLITE.open(file, true) : openUnchanging(file);
            StoreView view = new StoreView(file, hasLog, connection);
            return view.checked();
        } catch (IOException | SQLException e) {
            throw cannotBeRead(path, e);
        }
    }

    private static Connection openUnchanging(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setOpenMode(SQLiteOpenMode.OPEN_URI);
        return config.createConnection("jdbc:sqlite:file:" + file.toUri().getRawPath() + "?immutable=1");
    }

    private StoreView checked() throws SQLException {
        boolean good = false;
        try {
            Schema.check(connection, file);
            good = true;
            return this;
        } finally {
            if (!good) {
                connection.close();
            }
        }
    }

    /** The format of the file. */
    public int format() {
        return Schema.VERSION;
    }

    /** How large the database is, in bytes. */
    public long databaseBytes() {
        return file.toFile().length();
    }

    /** How large the log beside it is, in bytes; 0 when there is none. */
    public long logBytes() {
        return log(file).toFile().length();
    }

    /** What is stored of every connection, by name. Goes through all changes. */
    public List<ConnectionSummary> summaries() {
        try (Statement statement = connection.createStatement()) {
            Map<String, ConnectionSummary> summaries = new LinkedHashMap<>();
            try (ResultSet row = statement.executeQuery(OF_CONNECTION)) {
                while (row.next()) {
                    ConnectionSummary summary = summaries.computeIfAbsent(row.getString(1), ConnectionSummary::empty);
                    if (row.getLong(3) > 0 && row.getObject(2) != null) {
                        summary.add(States.state(row.getInt(2)), row.getLong(3), nullable(row, 4));
                    }
                }
            }
            try (ResultSet row = statement.executeQuery(PROBLEMS)) {
                while (row.next()) {
                    summaries
                            .computeIfAbsent(row.getString(1), ConnectionSummary::empty)
                            .problems()
                            .put(row.getString(2), row.getLong(3));
                }
            }
            checkUnchanged();
            return List.copyOf(summaries.values());
        } catch (SQLException e) {
            throw cannotBeRead(file, e);
        }
    }

    /**
     * A page of changes in order of acceptance; empty at the end. Each page is a reading of its own, so that nobody who takes long with many of them
     * keeps the server from emptying its log.
     *
     * @param after the number of the last change of the page before; 0 for the first page
     */
    public List<StoredChange> page(ViewFilter filter, long after) {
        Identity whose = filter.whose();
        ChangeState state = filter.state();
        try (PreparedStatement query = connection.prepareStatement(PAGE)) {
            query.setLong(1, after);
            OfContacts.bind(query, whose == null ? Identity.NOBODY : whose);
            query.setString(4, filter.connection());
            query.setObject(5, state == null ? null : States.number(state));
            query.setBoolean(6, whose == null);
            query.setInt(7, ROWS_IN_A_PAGE);
            List<StoredChange> page = new ArrayList<>();
            Shared shared = new Shared();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    page.add(PackedRows.one(row.getBytes(2), row.getString(1), shared));
                }
            }
            checkUnchanged();
            return page;
        } catch (SQLException e) {
            throw cannotBeRead(file, e);
        }
    }

    /** A server that has opened the store meanwhile may change what is taken not to change. */
    private void checkUnchanged() {
        if (!hadLog && Files.exists(log(file))) {
            throw new StoreException("the store " + file + " was opened by a server meanwhile: try again", null);
        }
    }

    private static @Nullable Long nullable(ResultSet row, int column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? null : number;
    }

    private static Path log(Path file) {
        return file.resolveSibling(file.getFileName() + "-wal");
    }

    private static StoreException cannotBeRead(Path file, Exception cause) {
        return new StoreException("the store " + file + " cannot be read: " + cause.getMessage(), cause);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw cannotBeRead(file, e);
        }
    }
}
