package io.crmux.crm;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;

/**
 * One thread's worth of work and its time: an event loop in production, a hand-driven one in tests. State that is touched only from one loop needs
 * no lock.
 */
public interface Loop {

    /** Milliseconds since 1970, as the outside world counts them: for what is stored and shown. */
    long millis();

    /** Nanoseconds of a clock that never goes back: for durations. */
    long nanos();

    /** Whether the caller is on the loop. What is touched only there asserts so: tests run with assertions, operators without. */
    boolean isHere();

    /** Runs the task on the loop: at once if this is the loop, else soon, in the order of the calls. */
    void run(Runnable task);

    /** Runs the task on the loop when what it is doing now is done, and after all that waits for it already. */
    void later(Runnable task);

    /** Runs the task on the loop after so many milliseconds. */
    Timer after(long millis, Runnable task);

    /** A task that waits for its time. */
    interface Timer {
        void cancel();
    }

    /** Does the work on the loop. Work that throws has failed like work whose future fails: nobody is to wait for it in vain. */
    default <T> Future<T> compose(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        run(() -> Future.succeededFuture().compose(now -> work.get()).onComplete(done));
        return done.future();
    }

    /**
     * The same outcome, seen on this loop. To be called there, for what is chained elsewhere to a future that has an outcome already runs where it
     * is chained.
     */
    default <T> Future<T> bring(Future<T> future) {
        assert isHere();
        Promise<T> here = Promise.promise();
        future.onComplete(result -> run(() -> here.handle(result)));
        return here.future();
    }
}
