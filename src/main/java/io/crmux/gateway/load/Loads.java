package io.crmux.gateway.load;

import io.crmux.crm.Call;
import io.crmux.crm.Deadline;
import io.crmux.crm.Lane;
import io.crmux.crm.Loop;
import io.crmux.crm.Operation;
import io.crmux.crm.Trace;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Equal loads are one load. Lives on one loop.
 *
 * <p>For a key there is at most one load under way and at most one that follows it: somebody who must not be answered from a load that began before
 * he asked joins the one that follows, together with all others who ask so meanwhile. A load has a deadline of its own, so that one impatient caller
 * ends it for nobody; one who is in a hurry raises the lane of the load he joins.
 */
public final class Loads<K, V> {

    private static final long DEADLINE_MILLIS = 30_000;

    private final Loop loop;
    private final Operation operation;
    private final BiFunction<K, Call, Future<V>> load;
    private final Consumer<K> whenBegun;
    private final Consumer<K> whenEnded;
    private final Map<K, Load<V>> underWay = new HashMap<>();

    /**
     * Loads of one kind.
     *
     * @param load calls the CRM, publishes what came, and answers with it; called on the loop, its future may complete anywhere; one that throws has
     *     failed like one whose future fails
     * @param whenBegun told of every load that really begins
     * @param whenEnded told when it is over, before its callers are
     */
    public Loads(
            Loop loop,
            Operation operation,
            BiFunction<K, Call, Future<V>> load,
            Consumer<K> whenBegun,
            Consumer<K> whenEnded) {
        this.loop = loop;
        this.operation = operation;
        this.load = load;
        this.whenBegun = whenBegun;
        this.whenEnded = whenEnded;
    }

    /** A load and whether others had asked for it before. */
    public record Joined<V>(Future<V> result, boolean collapsed) {}

    /**
     * Joins the load of a key, or begins one.
     *
     * @param anew whether only a load that begins after this call will do
     */
    public Joined<V> join(K key, boolean anew, Lane lane, Trace trace) {
        assert loop.isHere();
        Load<V> current = underWay.get(key);
        if (current == null) {
            return new Joined<>(begin(key, new Load<>(lane, trace)), false);
        }
        if (!anew) {
            current.raise(lane);
            return new Joined<>(current.promise.future(), true);
        }
        boolean first = current.next == null;
        Load<V> next = current.next == null ? new Load<>(lane, trace) : current.next;
        current.next = next;
        next.raise(lane);
        return new Joined<>(next.promise.future(), !first);
    }

    /** Whether a load of the key is under way that began at that time (milliseconds since 1970) or before. */
    public boolean beganBy(K key, long millis) {
        Load<V> current = underWay.get(key);
        return current != null && current.began <= millis;
    }

    public boolean isUnderWay(K key) {
        return underWay.containsKey(key);
    }

    private Future<V> begin(K key, Load<V> starting) {
        underWay.put(key, starting);
        starting.began = loop.millis();
        Call call = new Call(starting.lane, Deadline.in(loop, DEADLINE_MILLIS), operation, starting.trace);
        starting.call = call;
        whenBegun.accept(key);
        Future<V> loading = Future.succeededFuture().compose(now -> load.apply(key, call));
        loop.bring(loading).onComplete(result -> {
            end(key, starting);
            starting.promise.handle(result);
        });
        return starting.promise.future();
    }

    private void end(K key, Load<V> ended) {
        assert loop.isHere();
        underWay.remove(key);
        whenEnded.accept(key);
        if (ended.next != null) {
            begin(key, ended.next);
        }
    }

    private static final class Load<V> {
        private final Promise<V> promise = Promise.promise();
        private final Trace trace;
        private Lane lane;
        private long began;
        private @Nullable Call call;
        private @Nullable Load<V> next;

        Load(Lane lane, Trace trace) {
            this.lane = lane;
            this.trace = trace;
        }

        void raise(Lane to) {
            if (to.compareTo(lane) < 0) {
                lane = to;
                if (call != null) {
                    call.raise(to);
                }
            }
        }
    }
}
