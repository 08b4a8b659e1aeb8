package io.crmux.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * The one thread that writes. Group commit without a clock: whatever has queued up while the last group was being synced is the next group, one
 * transaction and one sync for all of it. So a single caller waits for one sync, and many callers share them.
 *
 * A statement that fails takes its transaction with it; the group is then done again, each call in a transaction of its own, so that only the culprit
 * fails. A COMMIT that fails fails the whole group: what has reached the disk is not known, and nobody is told that it has. The connection is opened
 * anew after that.
 *
 * Outcomes are told after the transaction, in order of the calls.
 */
final class Writer {

    static final int LARGEST_GROUP = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

    /** Opens the connection, at first and after a failure. */
    interface Sessions {
        WriteSession open() throws SQLException;
    }

    private final Turns turns = new Turns();
    private final Promise<Void> closed = Promise.promise();
    private final Sessions sessions;
    private final Runnable beforeClosing;
    private final Runnable afterClosing;
    private @Nullable WriteSession session;
    private boolean stopped;
    private boolean failing;

    /**
     * @param beforeClosing runs after the last turn has ended, before the connection is closed
     * @param afterClosing runs after that
     */
    Writer(WriteSession first, Sessions sessions, Runnable beforeClosing, Runnable afterClosing) {
        this.session = first;
        this.sessions = sessions;
        this.beforeClosing = beforeClosing;
        this.afterClosing = afterClosing;
    }

    void start() {
        Thread thread = new Thread(this::run, "crmux-store-writer");
        thread.setDaemon(true);
        thread.start();
    }

    <T extends @Nullable Object> Future<T> write(WriteTurn.Work<T> work) {
        return write(work, done -> {});
    }

    /** @param first told of what was written, in order of the calls, before whoever handles the future */
    <T extends @Nullable Object> Future<T> write(WriteTurn.Work<T> work, Consumer<T> first) {
        WriteTurn<T> turn = new WriteTurn<>(work, first);
        return turns.enter(turn) ? turn.future() : Future.failedFuture(closedAlready());
    }

    /** Lets something begin when the writes that were asked for before have ended. Answers false when it never will. */
    boolean afterwards(Turn turn) {
        return turns.enter(turn);
    }

    /** Ends what was asked for before, then closes the connection. */
    Future<Void> close() {
        turns.close(() -> stopped = true);
        return closed.future();
    }

    static StoreException closedAlready() {
        return new StoreException("the store is closed", null);
    }

    private void run() {
        try {
            serveUntilStopped();
        } catch (Throwable fatal) {
            LOG.error("the store's writer has stopped", fatal);
        } finally {
            finish();
        }
    }

    private void serveUntilStopped() {
        List<Turn> group = new ArrayList<>(LARGEST_GROUP);
        while (!stopped) {
            try {
                turns.take(group, LARGEST_GROUP);
                serve(group);
            } catch (InterruptedException e) {
                LOG.debug("the store's writer is stopped by close() alone", e);
            } finally {
                group.forEach(Writer::end);
                group.clear();
            }
        }
    }

    private void serve(List<Turn> group) {
        List<WriteTurn<?>> writes = new ArrayList<>(group.size());
        for (Turn turn : group) {
            if (turn instanceof WriteTurn<?> write) {
                writes.add(write);
            }
        }
        if (writes.size() > 1 && !tryTogether(writes)) {
            writes.forEach(this::alone);
        } else if (writes.size() == 1) {
            alone(writes.get(0));
        }
    }

    /** Answers false when nothing was done because a statement failed. */
    private boolean tryTogether(List<WriteTurn<?>> writes) {
        WriteSession used;
        try {
            used = session();
            for (WriteTurn<?> write : writes) {
                write.attempt(used);
            }
        } catch (Throwable failed) {
            LOG.debug("a group of {} calls failed, each is tried alone", writes.size(), failed);
            rollBack();
            return false;
        }
        commit(used, writes);
        return true;
    }

    private void alone(WriteTurn<?> write) {
        WriteSession used;
        try {
            used = session();
            write.attempt(used);
        } catch (Throwable failed) {
            write.fail(failed);
            rollBack();
            return;
        }
        commit(used, List.of(write));
    }

    private void commit(WriteSession used, List<WriteTurn<?>> writes) {
        try {
            used.commit();
            writes.forEach(WriteTurn::committed);
            noteWorking();
        } catch (Throwable failed) {
            noteFailing(failed);
            writes.forEach(write -> write.fail(failed));
            drop();
        }
    }

    private void noteFailing(Throwable failed) {
        if (!failing) {
            failing = true;
            LOG.warn("the store cannot commit; calls that write fail until it can", failed);
        }
    }

    private void noteWorking() {
        if (failing) {
            failing = false;
            LOG.info("the store can commit again");
        }
    }

    private void rollBack() {
        WriteSession used = session;
        if (used == null) {
            return;
        }
        try {
            used.rollback();
        } catch (Throwable failed) {
            LOG.debug("a rollback failed, the connection is opened anew", failed);
            drop();
        }
    }

    /** Closes the connection, which undoes what was not committed; the next call opens a new one. */
    private void drop() {
        WriteSession used = session;
        session = null;
        if (used == null) {
            return;
        }
        try {
            used.close();
        } catch (Throwable failed) {
            LOG.warn("a connection to the store could not be closed", failed);
        }
    }

    private WriteSession session() throws SQLException {
        WriteSession open = session;
        if (open == null) {
            open = sessions.open();
            session = open;
        }
        return open;
    }

    private void finish() {
        turns.leave().forEach(Writer::end);
        try {
            beforeClosing.run();
        } finally {
            drop();
            afterClosing.run();
            closed.complete();
        }
    }

    /** Callers' handlers run in here: what they throw is theirs, and must not stop the writer. */
    private static void end(Turn turn) {
        try {
            turn.end();
        } catch (Throwable thrown) {
            LOG.error("a caller of the store threw", thrown);
        }
    }
}
