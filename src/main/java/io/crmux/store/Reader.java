package io.crmux.store;

import io.vertx.core.Promise;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that reads, beside the writer and without holding it up. A connection that has failed is opened anew. */
final class Reader {

    private static final Logger LOG = LoggerFactory.getLogger(Reader.class);

    /** Opens the connection, when it is first needed and after a failure. */
    interface Sessions {
        ReadSession open() throws SQLException;
    }

    /** What is to be read. */
    interface Query<T> {
        T on(ReadSession session) throws SQLException;
    }

    private final ExecutorService thread = Executors.newSingleThreadExecutor(Reader::daemon);
    private final Sessions sessions;
    private @Nullable ReadSession session;

    Reader(ReadSession first, Sessions sessions) {
        this.session = first;
        this.sessions = sessions;
    }

    /** Reads soon, in order of the calls. */
    <T> void read(Query<T> query, Promise<T> promise) {
        try {
            thread.execute(() -> serve(query, promise));
        } catch (RejectedExecutionException closed) {
            promise.fail(Writer.closedAlready());
        }
    }

    /** Ends what was asked for before, then closes the connection. Blocks until that is done. */
    void close() {
        thread.execute(this::drop);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
                LOG.warn("the store's reader does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private <T> void serve(Query<T> query, Promise<T> promise) {
        T read;
        try {
            read = query.on(session());
        } catch (Throwable failed) {
            drop();
            promise.fail(Failures.of(failed));
            return;
        }
        tell(promise, read);
    }

    /** Callers' handlers run in here: what they throw is theirs. */
    private static <T> void tell(Promise<T> promise, T read) {
        try {
            promise.complete(read);
        } catch (RuntimeException thrown) {
            LOG.error("a caller of the store threw", thrown);
        }
    }

    private ReadSession session() throws SQLException {
        ReadSession open = session;
        if (open == null) {
            open = sessions.open();
            session = open;
        }
        return open;
    }

    private void drop() {
        ReadSession used = session;
        session = null;
        if (used == null) {
            return;
        }
        try {
            used.close();
        } catch (SQLException failed) {
            LOG.warn("a connection to the store could not be closed", failed);
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "crmux-store-reader");
        thread.setDaemon(true);
        return thread;
    }
}
