package io.crmux.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One connection for writing, and what is known of the file as long as nobody else writes. Used by the writer's thread alone. All methods work in the
 * present transaction, and refuse with a {@link StoreException} only before they have touched anything.
 */
final class WriteSession implements AutoCloseable {

    static final String SUPERSEDING =
            "SELECT 1 FROM changes WHERE connection = ?1 AND seq > ?4 AND " + OfContacts.CONDITION + " LIMIT 1";

    /** What a change may take, with its places in the indexes, in bytes. */
    private static final long ONE_CHANGE = 32 << 10;

    private final Connection connection;
    private final Statements statements;
    private final Space space;
    private final Disk disk;
    private final Fullness fullness;
    private final StoreOptions limits;
    private final ConnectionIds connections;
    private final Noting noting;
    private final Counters committed = new Counters();
    private final Counters now = new Counters();

    private WriteSession(Connection connection, StoreOptions options, Disk disk, Fullness fullness)
            throws SQLException {
        this.connection = connection;
        this.disk = disk;
        this.fullness = fullness;
        this.statements = new Statements(connection);
        this.connections = new ConnectionIds(statements);
        this.noting = new Noting(statements);
        this.space = new Space(options.maxBytes(), statements);
        this.limits = options;
        committed.lastSeq = statements.number("SELECT seq FROM sqlite_sequence WHERE name = 'changes'");
        committed.unsettled = statements.number("SELECT count(*) FROM changes WHERE settled = 0");
        committed.mirrored = Mirrored.in(statements);
        now.set(committed);
    }

    /** @throws StoreException when the file is not a store that this crmux can write */
    static WriteSession open(StoreFiles files, StoreOptions options, Platform platform, Fullness fullness)
            throws SQLException {
        Connection connection = platform.open(files.database(), false);
        boolean ready = false;
        try {
            Schema.prepare(connection, files.database());
            WriteSession session =
                    new WriteSession(connection, options, new Disk(platform, files.database()), fullness);
            ready = true;
            return session;
        } finally {
            if (!ready) {
                connection.close();
            }
        }
    }

    List<Change> accept(List<ChangeRow> rows, @Nullable Remembered request) throws SQLException {
        List<ChangeRow> taken = withoutFullMirrors(rows);
        makeRoom(taken.size());
        List<Change> accepted = insert(taken, ChangeState.QUEUED);
        note(request);
        return accepted;
    }

    private List<ChangeRow> withoutFullMirrors(List<ChangeRow> rows) throws SQLException {
        List<ChangeRow> taken = new ArrayList<>(rows.size());
        for (ChangeRow row : rows) {
            boolean mirrors = row.change().origin() != null;
            if (!mirrors || !now.mirrored.isFull(connections.of(row.change().connection()), limits)) {
                taken.add(row);
            }
        }
        return taken;
    }

    List<Change> stage(List<ChangeRow> rows, @Nullable Remembered request) throws SQLException {
        makeRoom(0);
        List<Change> staged = insert(rows, ChangeState.STAGED);
        note(request);
        return staged;
    }

    List<Change> replay(String name, Replay replay, List<ChangeRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            space.isFor(Space.For.SETTLING);
        } else {
            makeRoom(rows.size());
        }
        long id = connections.of(name);
        if (isSuperseded(id, replay)) {
            throw new SupersededException();
        }
        for (Progress end : replay.discarded()) {
            record(id, end);
        }
        return insert(rows, ChangeState.QUEUED);
    }

    /** @throws StoreFullException when there is none for so many more unsettled changes */
    private void makeRoom(int changes) throws SQLException {
        if (changes > 0 && now.unsettled + changes > limits.maxChanges()) {
            throw new StoreFullException(
                    "the store holds " + now.unsettled + " unsettled changes, its limit is " + limits.maxChanges(),
                    null);
        }
        if (!disk.hasRoom()) {
            throw new StoreFullException("the disk of the store is almost full", null);
        }
        space.isFor(Space.For.ACCEPTING);
    }

    private List<Change> insert(List<ChangeRow> rows, ChangeState state) throws SQLException {
        List<Change> inserted = new ArrayList<>(rows.size());
        for (ChangeRow row : rows) {
            long seq = now.lastSeq + 1;
            long id = connections.of(row.change().connection());
            row.insert(statements.of(ChangeRow.INSERT), seq, id, state);
            now.lastSeq = seq;
            if (row.change().origin() != null && state != ChangeState.STAGED) {
                now.mirrored = now.mirrored.with(id, row.body().getBytes(StandardCharsets.UTF_8).length);
            }
            now.unsettled += state == ChangeState.STAGED ? 0 : 1;
            inserted.add(new Change(seq, row.change()));
        }
        return inserted;
    }

    private boolean isSuperseded(long connection, Replay replay) throws SQLException {
        PreparedStatement later = statements.of(SUPERSEDING);
        later.setLong(1, connection);
        OfContacts.bind(later, replay.whose());
        later.setLong(4, replay.lookedUpTo());
        if (isThere(later)) {
            return true;
        }
        for (Progress end : replay.discarded()) {
            PreparedStatement dead =
                    statements.of("SELECT 1 FROM changes WHERE seq = ? AND connection = ? AND state = 5");
            dead.setLong(1, end.seq());
            dead.setLong(2, connection);
            if (!isThere(dead)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isThere(PreparedStatement query) throws SQLException {
        try (ResultSet result = query.executeQuery()) {
            return result.next();
        }
    }

    void remember(Remembered request) throws SQLException {
        space.isFor(Space.For.NOTING);
        note(request);
    }

    private void note(@Nullable Remembered request) throws SQLException {
        if (request != null) {
            noting.request(connections.of(request.key().connection()), request);
        }
    }

    void record(String name, List<Progress> progress, Learned learned) throws SQLException {
        space.isFor(progress.stream().anyMatch(Progress::settled) ? Space.For.SETTLING : Space.For.NOTING);
        long id = connections.of(name);
        for (Progress step : progress) {
            record(id, step);
        }
        for (Alias alias : learned.aliases()) {
            noting.alias(id, alias);
        }
        for (Rename rename : learned.renames()) {
            noting.rename(id, rename);
        }
        noteRoom();
    }

    /** A change that is not there, or is forgotten, stays so. */
    private void record(long connection, Progress progress) throws SQLException {
        boolean settles = progress.settled();
        if (noting.progress(connection, progress, 0)) {
            if (settles) {
                now.unsettled--;
                now.mirrored = now.mirrored.settled(connection, progress.seq(), statements);
            }
        } else if (noting.progress(connection, progress, 1) && !settles) {
            now.unsettled++;
            now.mirrored = now.mirrored.unsettled(connection, progress.seq(), statements);
        }
    }

    void identify(String name, List<Long> changes, @Nullable String email, @Nullable String originContact)
            throws SQLException {
        space.isFor(Space.For.NOTING);
        long id = connections.of(name);
        for (long seq : changes) {
            noting.identity(id, seq, email, originContact);
        }
    }

    Optional<Moved> moveTo(String name, String account) throws SQLException {
        space.isFor(Space.For.SETTLING);
        Moving.Done done = new Moving(statements, noting, connections.of(name)).to(name, account);
        now.unsettled -= done.settled();
        now.mirrored = Mirrored.in(statements);
        return done.moved();
    }

    void keepTagList(String name, String tags, long loaded) throws SQLException {
        space.isFor(Space.For.NOTING);
        noting.tagList(connections.of(name), tags, loaded);
    }

    void keep(String kind, String name, @Nullable String text) throws SQLException {
        space.isFor(Space.For.NOTING);
        if (text == null) {
            noting.noText(kind, name);
        } else {
            noting.text(kind, name, text);
        }
    }

    /** Forgets a few. */
    Forgetting forget(Forgetting rest) throws SQLException {
        space.isFor(Space.For.SETTLING);
        Forgetting left = rest.some(statements);
        noteRoom();
        return left;
    }

    /**
     * Writes something that does not matter.
     *
     * @throws StoreFullException when there is no room for changes
     */
    void probe() throws SQLException {
        if (!hasRoom()) {
            throw new StoreFullException("the store has no room for changes", null);
        }
        fullness.emptied();
        space.isFor(Space.For.SETTLING);
        statements.of("UPDATE probe SET count = count + 1 WHERE id = 0").executeUpdate();
    }

    /** After what may have made room. */
    private void noteRoom() throws SQLException {
        if (fullness.isFull() && hasRoom()) {
            fullness.emptied();
        }
    }

    /** Whether any change can be accepted, and somewhat more when none could be until now. */
    private boolean hasRoom() throws SQLException {
        boolean wasFull = fullness.isFull();
        long changes = wasFull ? 1 + limits.maxChanges() / 100 : 1;
        long bytes = wasFull ? ONE_CHANGE + limits.maxBytes() / 100 : ONE_CHANGE;
        return now.unsettled + changes <= limits.maxChanges()
                && disk.hasRoom()
                && space.hasRoom(Space.For.ACCEPTING, bytes);
    }

    void commit() throws SQLException {
        disk.forget();
        connection.commit();
        committed.set(now);
    }

    /** Undoes what was done since the last commit. */
    void rollback() throws SQLException {
        now.set(committed);
        connections.forget();
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

    /** What would be queries, counted along. */
    private static final class Counters {
        long lastSeq;
        long unsettled;
        Mirrored mirrored = new Mirrored(Map.of());

        void set(Counters other) {
            lastSeq = other.lastSeq;
            unsettled = other.unsettled;
            mirrored = other.mirrored;
        }
    }
}
