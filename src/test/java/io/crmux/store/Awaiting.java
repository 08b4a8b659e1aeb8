package io.crmux.store;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for futures, as tests may: never for ever. */
final class Awaiting {

    private Awaiting() {}

    /** What a future succeeds with. */
    static <T> T success(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException | ExecutionException e) {
            throw new AssertionError("did not succeed", e);
        }
    }

    /** What a future fails with. */
    static StoreException failure(Future<?> future) {
        try {
            Object unexpected = future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
            throw new AssertionError("did not fail, but succeeded with " + unexpected);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException expected) {
                return expected;
            }
            throw new AssertionError("failed, but not as a store fails", e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("did not end", e);
        }
    }
}
