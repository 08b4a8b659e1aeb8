package io.crmux.gateway.load;

import io.crmux.crm.Backoff;
import io.crmux.crm.Call;
import io.crmux.crm.CrmException;
import io.crmux.crm.Lane;
import io.crmux.crm.Loop;
import io.crmux.crm.Operation;
import io.crmux.crm.Trace;
import io.crmux.gateway.Freshness;
import io.crmux.gateway.Refusal;
import io.crmux.telemetry.Metrics;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One kind of value, read from memory where it is good enough and loaded where it is not. {@link #peek} may be called on any thread, everything else
 * on the connection's loop.
 *
 * <p>Fresh: from memory. Stale: from memory at once, one refresh behind it, and none again until its back-off has passed when it failed. Older, or
 * not there: loaded, together with all who want the same; should the CRM fail, the stale value is still better than an error, and is marked.
 */
public final class ReadThrough<K, V> {

    private static final Backoff BACKOFF = new Backoff(1_000, 60_000);
    private static final long OVERLOADED_RETRY_MILLIS = 1_000;

    private static final Set<Refusal.Reason> WAITED_IN_VAIN =
            EnumSet.of(Refusal.Reason.TIMEOUT, Refusal.Reason.OVERLOADED);

    private final Loop loop;
    private final Ages ages;
    private final Cells<K, V> cells;
    private final Loads<K, Entry<V>> loads;
    private final Metrics metrics;
    private final String connection;
    private final String kind;
    private final Places places;
    private final Counter hits;
    private final Counter staleHits;
    private final Counter misses;
    private final Counter collapsed;
    private volatile long validFrom = Long.MIN_VALUE;

    /**
     * Values of one kind.
     *
     * @param load calls the CRM, keeps in {@code cells} what came, and answers with it; a thing that the CRM has not is an entry without value
     * @param whenEnded told of every load that has ended, before its callers are
     * @param mostWaiting so many loads may be under way for visitors; who would need another is refused, unless his key has fewer than its share
     */
    public ReadThrough(
            Loop loop,
            Ages ages,
            Cells<K, V> cells,
            Operation operation,
            BiFunction<K, Call, Future<Entry<V>>> load,
            Consumer<K> whenEnded,
            Metrics metrics,
            String connection,
            int mostWaiting) {
        this.loop = loop;
        this.ages = ages;
        this.cells = cells;
        this.metrics = metrics;
        this.connection = connection;
        this.kind = operation.toString();
        this.places = new Places(mostWaiting);
        this.hits = metrics.reads(connection, kind, "hit");
        this.staleHits = metrics.reads(connection, kind, "stale");
        this.misses = metrics.reads(connection, kind, "miss");
        this.collapsed = metrics.reads(connection, kind, "collapsed");
        this.loads = new Loads<>(
                loop,
                operation,
                (key, call) -> loop.bring(load.apply(key, call)).onFailure(failure -> backOff(key)),
                key -> metrics.load(connection, kind),
                whenEnded);
    }

    /**
     * Answers nothing any more that was loaded before. It stays {@link #kept}: that an address was a contact's is still the best guess at whose queue
     * a write belongs to.
     */
    public void purge() {
        validFrom = loop.millis() + 1;
    }

    /**
     * What memory can answer at a time without any further ado; null when something must be done. The value in it may be null: no such thing. Makes no
     * object, and is not counted.
     */
    public @Nullable Entry<V> peek(K key, long now) {
        return usable(cells.get(key), now);
    }

    /** The same of what was found already. */
    public @Nullable Entry<V> usable(@Nullable Entry<V> entry, long now) {
        if (entry == null || entry.loadedAt() < validFrom) {
            return null;
        }
        return switch (ages.use(entry, Freshness.ANY, now)) {
            case FRESH -> entry;
            case STALE -> entry.refreshAfter() > now ? entry : null;
            case TOO_OLD -> null;
        };
    }

    /** Whether a value that is there, and was loaded at a time, is fresh: that is all that is asked of many, without an entry. */
    public boolean isFresh(long loadedAt, long now) {
        return loadedAt >= validFrom && ages.ttl(loadedAt, now) > 0;
    }

    /** Until a value that is there is stale, in milliseconds; negative when it is. */
    public long ttl(long loadedAt, long now) {
        return ages.ttl(loadedAt, now);
    }

    /** Counts that a fresh value was answered from memory. */
    public void answeredFresh() {
        hits.increment();
    }

    /** Until a value is stale, in milliseconds; negative when it is. */
    public long ttl(Entry<V> entry, long now) {
        return ages.ttl(entry, now);
    }

    /** Counts that a value was answered from memory. */
    public void answered(Entry<V> entry, long now) {
        (ages.ttl(entry, now) > 0 ? hits : staleHits).increment();
    }

    /** Whether a value is stale because the CRM fails. */
    public boolean isDoubtful(Entry<V> entry, long now) {
        return ages.ttl(entry, now) <= 0 && entry.crmFails();
    }

    private @Nullable Entry<V> valid(K key) {
        Entry<V> entry = cells.get(key);
        return entry == null || entry.loadedAt() < validFrom ? null : entry;
    }

    /** What is kept, however old. */
    public @Nullable Entry<V> kept(K key) {
        return cells.get(key);
    }

    /**
     * The value, from memory or from the CRM. Fails with {@link Refusal.Reason#NOT_CACHED} where a load is needed and the caller does not want one,
     * with {@link Refusal.Reason#TIMEOUT} when the caller's time is up, or with the CRM's failure.
     */
    public Future<Read<V>> read(K key, Freshness asked, Lane lane, Trace trace) {
        assert loop.isHere();
        Entry<V> entry = valid(key);
        long now = loop.millis();
        Ages.Use use = entry == null ? Ages.Use.TOO_OLD : ages.use(entry, asked, now);
        if (entry != null && use != Ages.Use.TOO_OLD) {
            if (use == Ages.Use.STALE) {
                refresh(key, entry, trace);
            }
            return Future.succeededFuture(hit(entry, now));
        }
        if (asked.onlyIfCached()) {
            return Future.failedFuture(Refusal.of(Refusal.Reason.NOT_CACHED, "nothing that fresh is in memory"));
        }
        return load(key, asked, lane, trace);
    }

    /** Whether a load of the key is under way that began by then. */
    public boolean beganBy(K key, long millis) {
        return loads.beganBy(key, millis);
    }

    private Future<Read<V>> load(K key, Freshness asked, Lane lane, Trace trace) {
        boolean visitor = lane == Lane.VISITOR;
        if (visitor && !places.isFreeFor(trace.key()) && !loads.isUnderWay(key)) {
            return staleRatherThan(overloaded(), key, asked);
        }
        Loads.Joined<Entry<V>> joined = loads.join(key, asked.noCache(), lane, trace);
        if (visitor && !joined.collapsed()) {
            places.take(trace.key());
            joined.result().onComplete(ended -> places.release(trace.key()));
        }
        if (joined.collapsed()) {
            metrics.coalesced(connection, kind);
        }
        (joined.collapsed() ? collapsed : misses).increment();
        return Patience.within(loop, Patience.VISITOR_MILLIS, joined.result())
                .map(entry -> missed(entry, joined.collapsed()))
                .recover(failure -> staleRatherThan(failure, key, asked));
    }

    /** A queue without an end would only make every visitor wait for nothing. What deliveries load is limited by their places. */
    private static Refusal overloaded() {
        return new Refusal(
                Refusal.Reason.OVERLOADED, "too many loads wait for the CRM", List.of(), OVERLOADED_RETRY_MILLIS);
    }

    private Future<Read<V>> staleRatherThan(Throwable failure, K key, Freshness asked) {
        Entry<V> entry = cells.get(key);
        long now = loop.millis();
        boolean crmFails = (failure instanceof CrmException crm && crm.kind().retry())
                || (failure instanceof Refusal refusal && WAITED_IN_VAIN.contains(refusal.reason()));
        if (!crmFails || entry == null || !ages.usableWhenStale(entry, asked, now)) {
            return Future.failedFuture(failure);
        }
        return Future.succeededFuture(
                new Read<>(entry.value(), true, false, Ages.age(entry, now), ages.ttl(entry, now), true));
    }

    private void refresh(K key, Entry<V> entry, Trace trace) {
        if (entry.refreshAfter() > loop.millis() || loads.isUnderWay(key)) {
            return;
        }
        cells.put(key, entry.refreshing());
        loads.join(key, false, Lane.BULK, trace);
    }

    private void backOff(K key) {
        Entry<V> entry = cells.get(key);
        if (entry != null) {
            cells.put(key, entry.refreshFailed(loop.millis() + BACKOFF.millis(entry.failures())));
        }
    }

    private Read<V> hit(Entry<V> entry, long now) {
        answered(entry, now);
        return new Read<>(
                entry.value(), true, false, Ages.age(entry, now), ages.ttl(entry, now), isDoubtful(entry, now));
    }

    private Read<V> missed(Entry<V> entry, boolean collapsed) {
        long now = loop.millis();
        return new Read<>(
                entry.value(), false, collapsed, Ages.age(entry, now), ages.ttl(entry, now), entry.crmFails());
    }
}
