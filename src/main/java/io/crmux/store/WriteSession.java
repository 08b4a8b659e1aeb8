package io.crmux.store;

import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One connection for writing, and what is known of the file as long as nobody else writes. Used by the writer's thread alone. All methods work in the
 * present transaction, and refuse with a {@link StoreException} only before they have touched anything.
 */
final class WriteSession implements AutoCloseable {

    static final String FORGET_CHANGES = """
            DELETE FROM changes WHERE seq IN
            (SELECT seq FROM changes WHERE settled = 1 AND state <> 5 AND at < ? LIMIT ?)""";

    static final String FORGET_ALIASES = """
            DELETE FROM aliases WHERE id IN (SELECT id FROM aliases WHERE learned < ? LIMIT ?)""";

    private static final int BITE = 500;

    private final Connection connection;
    private final Statements statements;
    private final Space space;
    private final Disk disk;
    private final long maxChanges;
    private final Map<String, Long> connections = new HashMap<>();
    private final Counters committed = new Counters();
    private final Counters now = new Counters();

    private WriteSession(Connection connection, StoreOptions options, Disk disk) throws SQLException {
        this.connection = connection;
        this.disk = disk;
        this.statements = new Statements(connection);
        this.space = new Space(options.maxBytes(), statements);
        this.maxChanges = options.maxChanges();
        committed.lastSeq = statements.number("SELECT seq FROM sqlite_sequence WHERE name = 'changes'");
        committed.unsettled = statements.number("SELECT count(*) FROM changes WHERE settled = 0");
        now.set(committed);
    }

    /** @throws StoreException when the file is not a store that this crmux can write */
    static WriteSession open(StoreFiles files, StoreOptions options, Platform platform) throws SQLException {
        Connection connection = platform.open(files.database(), false);
        boolean ready = false;
        try {
            Schema.prepare(connection, files.database());
            WriteSession session = new WriteSession(connection, options, new Disk(platform, files.database()));
            ready = true;
            return session;
        } finally {
            if (!ready) {
                connection.close();
            }
        }
    }

    List<Change> accept(List<ChangeRow> rows) throws SQLException {
        if (now.unsettled + rows.size() > maxChanges) {
            throw new StoreFullException(
                    "the store holds " + now.unsettled + " unsettled changes, its limit is " + maxChanges, null);
        }
        if (!disk.hasRoom()) {
            throw new StoreFullException("the disk of the store is almost full", null);
        }
        space.isFor(Space.For.ACCEPTING);
        List<Change> accepted = new ArrayList<>(rows.size());
        for (ChangeRow row : rows) {
            long seq = now.lastSeq + 1;
            row.insert(
                    statements.of(ChangeRow.INSERT),
                    seq,
                    connectionId(row.change().connection()));
            now.lastSeq = seq;
            now.unsettled++;
            accepted.add(new Change(seq, row.change()));
        }
        return accepted;
    }

    void record(String name, List<Progress> progress, Learned learned) throws SQLException {
        space.isFor(progress.stream().anyMatch(Progress::settled) ? Space.For.SETTLING : Space.For.NOTING);
        long id = connectionId(name);
        for (Progress step : progress) {
            record(id, step);
        }
        for (Alias alias : learned.aliases()) {
            PreparedStatement upsert = statements.of("""
                    INSERT INTO aliases (connection, email, contact, learned) VALUES (?1, ?2, ?3, ?4)
                    ON CONFLICT (connection, email) DO UPDATE SET contact = ?3, learned = ?4""");
            upsert.setLong(1, id);
            upsert.setString(2, alias.emailKey());
            upsert.setString(3, alias.contactId());
            upsert.setLong(4, alias.learned());
            upsert.executeUpdate();
        }
    }

    private void record(long connection, Progress progress) throws SQLException {
        int settles = progress.settled() ? 1 : 0;
        if (update(connection, progress, 0)) {
            now.unsettled -= settles;
        } else if (update(connection, progress, 1)) {
            now.unsettled += 1 - settles;
        }
    }

    /** Updates a change if it was settled (1) or not (0) before. A change that is not there, or is forgotten, stays so. */
    private boolean update(long connection, Progress progress, int settledBefore) throws SQLException {
        JsonObject problem = progress.problem();
        PreparedStatement update = statements.of("""
                UPDATE changes SET state = ?, attempts = ?, at = ?, waiting_for = ?, problem = ?, settled = ?
                WHERE seq = ? AND connection = ? AND settled = ?""");
        update.setInt(1, States.number(progress.state()));
        update.setInt(2, progress.attempts());
        update.setLong(3, progress.at());
        update.setString(4, progress.waitingFor());
        update.setString(5, problem == null ? null : problem.encode());
        update.setInt(6, progress.settled() ? 1 : 0);
        update.setLong(7, progress.seq());
        update.setLong(8, connection);
        update.setInt(9, settledBefore);
        return update.executeUpdate() > 0;
    }

    void keepTagList(String name, String tags, long loaded) throws SQLException {
        space.isFor(Space.For.NOTING);
        PreparedStatement replace =
                statements.of("INSERT OR REPLACE INTO tag_lists (connection, tags, loaded) VALUES (?, ?, ?)");
        replace.setLong(1, connectionId(name));
        replace.setString(2, tags);
        replace.setLong(3, loaded);
        replace.executeUpdate();
    }

    /** Forgets a few. Answers whether there may be more. */
    boolean forgetSome(long endedBefore, long aliasesBefore) throws SQLException {
        space.isFor(Space.For.SETTLING);
        boolean moreChanges = forget(FORGET_CHANGES, endedBefore);
        boolean moreAliases = forget(FORGET_ALIASES, aliasesBefore);
        return moreChanges || moreAliases;
    }

    private boolean forget(String sql, long before) throws SQLException {
        PreparedStatement delete = statements.of(sql);
        delete.setLong(1, before);
        delete.setInt(2, BITE);
        return delete.executeUpdate() == BITE;
    }

    /** Writes something that does not matter. */
    void probe() throws SQLException {
        space.isFor(Space.For.SETTLING);
        statements.of("UPDATE probe SET count = count + 1 WHERE id = 0").executeUpdate();
    }

    void commit() throws SQLException {
        disk.forget();
        connection.commit();
        committed.set(now);
    }

    /** Undoes what was done since the last commit. */
    void rollback() throws SQLException {
        now.set(committed);
        connections.clear();
        space.forget();
        disk.forget();
        statements.close();
        try {
            connection.rollback();
        } catch (SQLException failed) {
            begin(failed);
        }
    }

    /** SQLite rolls back by itself when it is full; then there is nothing to roll back, and only the next transaction is missing. */
    private void begin(SQLException noRollback) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN");
        } catch (SQLException failed) {
            failed.addSuppressed(noRollback);
            throw failed;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private long connectionId(String name) throws SQLException {
        Long known = connections.get(name);
        if (known == null) {
            PreparedStatement insert =
                    statements.of("INSERT INTO connections (name) VALUES (?) ON CONFLICT (name) DO NOTHING");
            insert.setString(1, name);
            insert.executeUpdate();
            known = storedConnectionId(name);
            connections.put(name, known);
        }
        return known;
    }

    private long storedConnectionId(String name) throws SQLException {
        PreparedStatement select = statements.of("SELECT id FROM connections WHERE name = ?");
        select.setString(1, name);
        try (ResultSet result = select.executeQuery()) {
            if (!result.next()) {
                throw new SQLException("the connection " + name + " was stored and is not there");
            }
            return result.getLong(1);
        }
    }

    /** What would be queries, counted along. */
    private static final class Counters {
        long lastSeq;
        long unsettled;

        void set(Counters other) {
            lastSeq = other.lastSeq;
            unsettled = other.unsettled;
        }
    }
}
