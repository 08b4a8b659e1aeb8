package io.crmux.gateway;

import io.crmux.crm.Loop;
import io.crmux.store.IdempotencyKey;
import io.crmux.store.Remembered;
import io.crmux.store.Store;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a request with an idempotency key is done once: it is remembered in the transaction that accepts its write, and a repetition is
 * answered by what is remembered. Touched only on the connection's loop.
 */
final class Requests {

    private static final long REMEMBERED_MILLIS = Duration.ofHours(24).toMillis();

    private final Loop loop;
    private final Store store;
    private final String connection;
    private final Set<IdempotencyKey> busy = new HashSet<>();

    Requests(Loop loop, Store store, String connection) {
        this.loop = loop;
        this.store = store;
        this.connection = connection;
    }

    /**
     * Does a request, or answers a repetition of it.
     *
     * @param first does it
     * @param again answers by what is remembered of it
     */
    <T> Future<T> once(WriteOptions write, Supplier<Future<T>> first, Function<Remembered, Future<T>> again) {
        assert loop.isHere();
        RequestKey request = write.request();
        if (request == null) {
            return first.get();
        }
        IdempotencyKey key = key(request);
        if (!busy.add(key)) {
            return Future.failedFuture(
                    Refusal.of(Refusal.Reason.REQUEST_BUSY, "a request with this idempotency key is being accepted"));
        }
        return loop.bring(store.remembered(key))
                .recover(failure -> Future.failedFuture(Refusal.storeUnavailable("the store cannot be read")))
                .compose(known -> known.filter(this::isValid)
                        .map(remembered -> repeated(request, remembered, again))
                        .orElseGet(first))
                .onComplete(done -> busy.remove(key));
    }

    private boolean isValid(Remembered remembered) {
        return remembered.at() > loop.millis() - REMEMBERED_MILLIS;
    }

    private static <T> Future<T> repeated(
            RequestKey request, Remembered remembered, Function<Remembered, Future<T>> again) {
        return remembered.fingerprint().equals(request.fingerprint())
                ? again.apply(remembered)
                : Future.failedFuture(
                        Refusal.of(Refusal.Reason.REQUEST_MISMATCH, "another request came with this idempotency key"));
    }

    /** What is to be remembered of a request whose write is being accepted; null when it has no key. */
    @Nullable
    Remembered of(WriteOptions write, UUID operation) {
        RequestKey request = write.request();
        return request == null
                ? null
                : new Remembered(key(request), request.fingerprint(), operation, null, loop.millis());
    }

    /** The write is accepted: repetitions are answered from now on. */
    void accepted(WriteOptions write) {
        assert loop.isHere();
        RequestKey request = write.request();
        if (request != null) {
            busy.remove(key(request));
        }
    }

    /** Remembers what was answered to a request that accepted no change. */
    Future<Void> answered(WriteOptions write, JsonObject answer) {
        RequestKey request = write.request();
        return request == null
                ? Future.succeededFuture()
                : loop.bring(store.remember(
                                new Remembered(key(request), request.fingerprint(), null, answer, loop.millis())))
                        .recover(failure -> Future.failedFuture(Refusal.storeUnavailable("the store takes nothing")));
    }

    private IdempotencyKey key(RequestKey request) {
        return new IdempotencyKey(request.owner(), connection, request.key());
    }
}
