package io.crmux.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store in one SQLite file: write-ahead log, synced at every commit. One thread writes, another one reads beside it; a read begins when the
 * writes that were called before it have ended, and holds up none that is called after it.
 */
public final class SqliteStore implements Store {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);

    /** What is read ahead, and whether all of it is. */
    private record Reading(ReadAhead rows, Future<Void> end) {}

    private final Map<String, Reading> ahead = new ConcurrentHashMap<>();
    private final Writer writer;
    private final Reader reader;
    private final Fullness fullness;

    private SqliteStore(Writer writer, Reader reader, Fullness fullness) {
        this.writer = writer;
        this.reader = reader;
        this.fullness = fullness;
    }

    /** Begins to load what a store stands on, which takes as long as it takes the caller to read where the store is. */
    public static void prepare() {
        Thread loader = new Thread(
                () -> {
                    Platform.prepare();
                    ChangeBodies.prepare();
                },
                "crmux-store-loader");
        loader.setDaemon(true);
        loader.start();
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
        Fullness fullness = new Fullness();
        WriteSession writing = null;
        ReadSession reading = null;
        try {
            writing = WriteSession.open(files, options, platform, fullness);
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
                writing,
                () -> WriteSession.open(files, options, platform, fullness),
                reader::close,
                () -> release(lock));
        writer.start();
        return new SqliteStore(writer, reader, fullness);
    }

    @Override
    public Future<List<Change>> accept(
            List<NewChange> changes, @Nullable Remembered request, Consumer<List<Change>> publish) {
        return insert(changes, (session, rows) -> session.accept(rows, request), publish);
    }

    @Override
    public Future<List<Change>> stage(List<NewChange> changes, @Nullable Remembered request) {
        return insert(changes, (session, rows) -> session.stage(rows, request), staged -> {});
    }

    @Override
    public Future<List<Change>> replay(String connection, Replay replay, Consumer<List<Change>> publish) {
        return insert(replay.anew(), (session, rows) -> session.replay(connection, replay, rows), publish);
    }

    @Override
    public Future<Optional<Remembered>> remembered(IdempotencyKey key) {
        return read(session -> session.remembered(key));
    }

    @Override
    public Future<Void> remember(Remembered request) {
        return write(session -> session.remember(request));
    }

    @Override
    public Future<Void> record(String connection, List<Progress> progress, Learned learned) {
        List<Progress> steps = List.copyOf(progress);
        return write(session -> session.record(connection, steps, learned));
    }

    @Override
    public Future<Void> identify(
            String connection, List<Long> changes, @Nullable String email, @Nullable String originContact) {
        List<Long> numbers = List.copyOf(changes);
        return write(session -> session.identify(connection, numbers, email, originContact));
    }

    @Override
    public Future<Optional<Moved>> moveTo(String connection, String account) {
        return writer.write(session -> session.moveTo(connection, account));
    }

    @Override
    public Future<Void> recover(String connection, Recovery recovery) {
        Reading begun = ahead.remove(connection);
        if (begun == null) {
            return begin(connection, recovery);
        }
        Promise<Boolean> telling = Promise.promise();
        reader.read(
                session -> {
                    begun.rows().tell(recovery);
                    return true;
                },
                telling);
        return telling.future().compose(told -> begun.end());
    }

    /**
     * Begins to read what {@link #recover} is to tell, which then tells what is read by that time at once: there is much else to do while a process
     * starts. Nothing of the connection may be written in between.
     */
    public void readAhead(String connection) {
        ReadAhead rows = new ReadAhead();
        ahead.put(connection, new Reading(rows, begin(connection, rows)));
    }

    private Future<Void> begin(String connection, Recovery recovery) {
        Promise<Void> told = Promise.promise();
        read(session -> {
                    session.known(connection, recovery);
                    return true;
                })
                .onSuccess(known -> tellOn(connection, recovery, new Shared(), 0, told))
                .onFailure(told::fail);
        return told.future();
    }

    /** In parts: what is read can be worked on while more is read, it need not all be in memory at once, and others may read in between. */
    private void tellOn(String connection, Recovery recovery, Shared shared, long after, Promise<Void> told) {
        Promise<StoredChanges> read = Promise.promise();
        reader.read(
                session -> {
                    StoredChanges part = session.unsettled(connection, after, shared);
                    if (part.size() > 0) {
                        recovery.unsettled(part);
                    }
                    return part;
                },
                read);
        read.future().onFailure(told::fail).onSuccess(part -> {
            if (part.size() == 0) {
                told.complete();
            } else {
                tellOn(connection, recovery, shared, part.lastSeq(), told);
            }
        });
    }

    @Override
    public Future<List<StoredChange>> operation(String connection, UUID operation) {
        return read(session -> session.operation(connection, operation));
    }

    @Override
    public Future<List<StoredChange>> list(
            String connection, ChangeState state, @Nullable Identity whose, long after, int limit) {
        if (state != ChangeState.DEAD && state != ChangeState.STAGED) {
            throw new IllegalArgumentException("changes are not listed by state " + state);
        }
        return read(session -> session.list(connection, state, whose, after, limit));
    }

    @Override
    public Future<Later> later(String connection, Identity whose, long after) {
        return read(session -> session.later(connection, whose, after));
    }

    @Override
    public Future<List<Alias>> aliases(String connection, Identity whose) {
        return read(session -> session.aliases(connection, whose));
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
        return write(session -> session.keepTagList(connection, encoded, tags.loaded()));
    }

    @Override
    public Future<Void> keep(String kind, String name, @Nullable String text) {
        return write(session -> session.keep(kind, name, text));
    }

    @Override
    public Future<Map<String, String>> kept(String kind) {
        return read(session -> session.kept(kind));
    }

    /** {@inheritDoc} Done in small bites, between which others have their turn. */
    @Override
    public Future<Void> forget(long endedBefore, long learnedBefore) {
        Promise<Void> done = Promise.promise();
        forget(Forgetting.begin(endedBefore, learnedBefore), done);
        return done.future();
    }

    private void forget(Forgetting rest, Promise<Void> done) {
        writer.write(session -> session.forget(rest)).onComplete(bite -> {
            if (bite.failed()) {
                done.fail(bite.cause());
            } else if (bite.result().over()) {
                done.complete();
            } else {
                forget(bite.result(), done);
            }
        });
    }

    @Override
    public Future<Void> probe() {
        return noted(write(WriteSession::probe));
    }

    /** Whether it takes no changes. May be called on any thread. */
    public boolean isFull() {
        return fullness.isFull();
    }

    private <T> Future<T> noted(Future<T> accepting) {
        return accepting.onFailure(failure -> {
            if (failure instanceof StoreFullException full) {
                fullness.filled(full);
            }
        });
    }

    @Override
    public Future<Void> close() {
        return writer.close();
    }

    /** Writes changes that a caller has handed in. */
    private interface Insertion {
        List<Change> on(WriteSession session, List<ChangeRow> rows) throws SQLException;
    }

    private Future<List<Change>> insert(List<NewChange> changes, Insertion insertion, Consumer<List<Change>> publish) {
        try {
            List<ChangeRow> rows = ChangeRow.of(changes);
            return noted(writer.write(session -> insertion.on(session, rows), publish));
        } catch (StoreException unencodable) {
            return Future.failedFuture(unencodable);
        }
    }

    /** Writes something of which nothing is to be told. */
    private interface Note {
        void on(WriteSession session) throws SQLException;
    }

    private Future<Void> write(Note note) {
        return writer.write(session -> {
                    note.on(session);
                    return true;
                })
                .mapEmpty();
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
