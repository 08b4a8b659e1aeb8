package io.crmux.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One call that waits for its turn with the writer, and its outcome, which is told when the transaction has ended. */
final class WriteTurn<T extends @Nullable Object> implements Turn {

    /** What is to be written. */
    interface Work<T extends @Nullable Object> {

        /** Writes. @throws StoreException to refuse, before anything was touched */
        T on(WriteSession session) throws SQLException;
    }

    /** Made once: an exception notes its stack, which costs more than all the rest of a turn. */
    private static final StoreException STOPPED = new StoreException("the store has stopped", null);

    private final Work<T> work;
    private final Consumer<T> first;
    private final Promise<T> promise = Promise.promise();
    private Future<T> outcome = Future.failedFuture(STOPPED);
    private Future<T> ifCommitted = outcome;

    /** @param first told of what was written before whoever handles the future */
    WriteTurn(Work<T> work, Consumer<T> first) {
        this.work = work;
        this.first = first;
    }

    Future<T> future() {
        return promise.future();
    }

    void attempt(WriteSession session) throws SQLException {
        try {
            ifCommitted = Future.succeededFuture(work.on(session));
        } catch (StoreException refusal) {
            ifCommitted = Future.failedFuture(refusal);
        }
    }

    /** What was done stands. */
    void committed() {
        outcome = ifCommitted;
    }

    void fail(Throwable cause) {
        outcome = Future.failedFuture(Failures.of(cause));
    }

    @Override
    public void end() {
        try {
            outcome.onSuccess(first::accept);
        } finally {
            outcome.onComplete(promise);
        }
    }
}
