package io.crmux.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store in one SQLite file: write-ahead log, synced at every commit. One thread writes, another one reads beside it; a read begins when the
 * writes that were called before it have ended, and holds up none that is called after it.
 */
public final class SqliteStore implements Store {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);

    private final Writer writer;
    private final Reader reader;

    private SqliteStore(Writer writer, Reader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    /**
     * Opens the store, or creates it. Blocks.
     *
     * @throws StoreLockedException when it is open already, in this process or another
     * @throws StoreException when it cannot be opened, is not a store, or was written by a later version
     */
    public static SqliteStore open(StoreOptions options) {
        return open(options, Platform.SQLITE);
    }

    static SqliteStore open(StoreOptions options, Platform platform) {
        try {
            StoreFiles files = StoreFiles.create(options.path());
            StoreLock lock = StoreLock.take(files);
            return openLocked(files, options, platform, lock);
        } catch (IOException | SQLException e) {
            throw new StoreException("the store " + options.path() + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private static SqliteStore openLocked(StoreFiles files, StoreOptions options, Platform platform, StoreLock lock)
            throws SQLException, IOException {
        WriteSession writing = null;
        ReadSession reading = null;
        try {
            writing = WriteSession.open(files, options, platform);
            reading = ReadSession.open(files, platform);
        } finally {
            if (reading == null) {
                if (writing != null) {
                    writing.close();
                }
                lock.close();
            }
        }
        Reader reader = new Reader(reading, () -> ReadSession.open(files, platform));
        Writer writer = new Writer(
                writing, () -> WriteSession.open(files, options, platform), reader::close, () -> release(lock));
        writer.start();
        return new SqliteStore(writer, reader);
    }

    @Override
    public Future<List<Change>> accept(List<NewChange> changes) {
        List<ChangeRow> rows = new ArrayList<>(changes.size());
        try {
            changes.forEach(change -> rows.add(ChangeRow.of(change)));
        } catch (RuntimeException unencodable) {
            return Future.failedFuture(
                    new StoreException("a change cannot be stored: " + unencodable.getMessage(), unencodable));
        }
        return writer.write(session -> session.accept(rows));
    }

    @Override
    public Future<Void> record(String connection, List<Progress> progress, Learned learned) {
        List<Progress> steps = List.copyOf(progress);
        return writer.write(session -> {
                    session.record(connection, steps, learned);
                    return true;
                })
                .mapEmpty();
    }

    @Override
    public Future<List<Change>> accept(List<NewChange> changes, Remembered request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<List<Change>> stage(List<NewChange> changes, @Nullable Remembered request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<List<Change>> replay(String connection, Replay replay) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Optional<Remembered>> remembered(IdempotencyKey key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> remember(Remembered request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<List<StoredChange>> list(
            String connection, ChangeState state, @Nullable Identity whose, long after, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Later> later(String connection, Identity whose, long after) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> keep(String kind, String name, @Nullable String text) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Map<String, String>> kept(String kind) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Recovered> recover(String connection) {
        return read(session -> session.recover(connection));
    }

    @Override
    public Future<List<StoredChange>> operation(String connection, UUID operation) {
        return read(session -> session.operation(connection, operation));
    }

    @Override
    public Future<Long> deadLetters(String connection) {
        return read(session -> session.deadLetters(connection));
    }

    @Override
    public Future<Optional<TagList>> tagList(String connection) {
        return read(session -> session.tagList(connection));
    }

    @Override
    public Future<Void> keepTagList(String connection, TagList tags) {
        String encoded = TagLists.encode(tags.tags());
        return writer.write(session -> {
                    session.keepTagList(connection, encoded, tags.loaded());
                    return true;
                })
                .mapEmpty();
    }

    /** {@inheritDoc} Done in small bites, between which others have their turn. */
    @Override
    public Future<Void> forget(long endedBefore, long aliasesBefore) {
        return writer.write(session -> session.forgetSome(endedBefore, aliasesBefore))
                .compose(more -> more ? forget(endedBefore, aliasesBefore) : Future.succeededFuture());
    }

    @Override
    public Future<Void> probe() {
        return writer.write(session -> {
                    session.probe();
                    return true;
                })
                .mapEmpty();
    }

    @Override
    public Future<Void> close() {
        return writer.close();
    }

    private <T> Future<T> read(Reader.Query<T> query) {
        Promise<T> promise = Promise.promise();
        boolean entered = writer.afterwards(() -> reader.read(query, promise));
        return entered ? promise.future() : Future.failedFuture(Writer.closedAlready());
    }

    private static void release(StoreLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("the lock of the store could not be released", e);
        }
    }
}
