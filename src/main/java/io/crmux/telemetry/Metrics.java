package io.crmux.telemetry;

import io.crmux.crm.Lane;
import io.crmux.crm.Operation;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every metric of crmux, by name, in one place. Labels are connections, operations, templates and outcomes: never contacts, addresses or keys.
 * Counters are looked up once per combination of labels, since the hot path counts on every request.
 */
public final class Metrics {

    private static final int STATUSES = 600;
    /** The operations that only deliveries call. */
    private static final Set<String> DELIVERIES = Stream.of(
                    Operation.APPLY_TAGS,
                    Operation.REMOVE_TAGS,
                    Operation.ADD_CONTACT,
                    Operation.UPDATE_CONTACT,
                    Operation.TRACK_EVENT,
                    Operation.DELETE_CONTACT)
            .map(Operation::toString)
            .collect(Collectors.toUnmodifiableSet());

    private final MeterRegistry registry;
    private final Map<List<String>, Counter> counters = new ConcurrentHashMap<>();
    private final Map<List<String>, Timer> timers = new ConcurrentHashMap<>();
    private final Map<String, AtomicReferenceArray<@Nullable Timer>> requests = new ConcurrentHashMap<>();

    public Metrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A request of a site was answered. */
    public void request(String route, int status, long nanos) {
        AtomicReferenceArray<@Nullable Timer> byStatus = requests.get(route);
        if (byStatus == null) {
            byStatus = requests.computeIfAbsent(route, absent -> new AtomicReferenceArray<>(STATUSES));
        }
        Timer timer = byStatus.get(status);
        if (timer == null) {
            timer = registry.timer("crmux.requests", "route", route, "status", Integer.toString(status));
            byStatus.set(status, timer);
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * Counts reads that were answered in one way: looked up once, since the hot path counts on every request.
     *
     * @param how hit, stale, miss or collapsed
     */
    public Counter reads(String connection, String kind, String how) {
        return counter("crmux.reads", "connection", connection, "kind", kind, "result", how);
    }

    /** A load left for the CRM. */
    public void load(String connection, String kind) {
        counter("crmux.loads", "connection", connection, "kind", kind).increment();
    }

    /** A caller joined a load that was under way already. */
    public void coalesced(String connection, String kind) {
        counter("crmux.loads.coalesced", "connection", connection, "kind", kind).increment();
    }

    /** Loads went along in the call of another. */
    public void batched(String connection, String kind, int loads) {
        counter("crmux.loads.batched", "connection", connection, "kind", kind).increment(loads);
    }

    /** A change was accepted. */
    public void accepted(String connection, String kind) {
        counter("crmux.changes.accepted", "connection", connection, "kind", kind)
                .increment();
    }

    /** A write was accepted without its mirror, since changes that wait for mirrors take half of the store. */
    public void notMirrored(String connection, String mirror) {
        counter("crmux.changes.unmirrored", "connection", connection, "mirror", mirror)
                .increment();
    }

    /**
     * A batch ended.
     *
     * @param outcome delivered, retried, refused or dead
     * @param changes how many changes it had
     */
    public void batch(String connection, String outcome, int changes) {
        counter("crmux.batches", "connection", connection, "outcome", outcome).increment();
        counter("crmux.batches.changes", "connection", connection, "outcome", outcome)
                .increment(changes);
    }

    /**
     * A call to a CRM ended.
     *
     * @param outcome ok, or the kind of failure
     */
    public void upstreamCall(String connection, String operation, String outcome, long nanos) {
        timer("crmux.upstream.calls", "connection", connection, "operation", operation, "outcome", outcome)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /** How many calls of a lane wait for their turn, and how long the oldest has waited (seconds). */
    public void upstreamQueue(String connection, Lane lane, Supplier<Number> length, Supplier<Number> ageSeconds) {
        String word = lane.name().toLowerCase(Locale.ROOT);
        gauge("crmux.upstream.queue.length", length, "connection", connection, "lane", word);
        gauge("crmux.upstream.queue.age.seconds", ageSeconds, "connection", connection, "lane", word);
    }

    /** Whether the circuit breaker of a connection's account is open (1): its CRM fails, and is tried only now and then. */
    public void breaker(String connection, Supplier<Number> open) {
        gauge("crmux.upstream.breaker.open", open, "connection", connection);
    }

    /** How many changes are not settled, and how old the oldest is (seconds). */
    public void outbox(String connection, Supplier<Number> length, Supplier<Number> ageSeconds) {
        gauge("crmux.outbox.length", length, "connection", connection);
        gauge("crmux.outbox.age.seconds", ageSeconds, "connection", connection);
    }

    /** Whether the store takes no changes (1). */
    public void storeFull(Supplier<Number> full) {
        gauge("crmux.store.full", full);
    }

    /** How many dead letters there are. */
    public void deadLetters(String connection, Supplier<Number> count) {
        gauge("crmux.dead.letters", count, "connection", connection);
    }

    /**
     * How many calls to its CRM a connection has been spared since the start.
     *
     * @param cache reads that were answered from memory
     * @param coalescing reads that joined a load which was under way already
     * @param batching changes that were delivered, less the calls that delivered them, and addresses that were looked up in the call of another
     */
    public record Saved(long cache, long coalescing, long batching) {}

    /** How many calls were saved. */
    public Saved saved(String connection) {
        return new Saved(
                sum("crmux.reads", connection, "result", "hit") + sum("crmux.reads", connection, "result", "stale"),
                sum("crmux.loads.coalesced", connection),
                Math.max(0, sum("crmux.batches.changes", connection, "outcome", "delivered") - calls(connection))
                        + sum("crmux.loads.batched", connection));
    }

    /** How many calls have delivered changes, or asked how far a delivery is. One that failed has delivered nothing. */
    private long calls(String connection) {
        return registry
                .find("crmux.upstream.calls")
                .tag("connection", connection)
                .tag("outcome", "ok")
                .tag("operation", DELIVERIES::contains)
                .timers()
                .stream()
                .mapToLong(Timer::count)
                .sum();
    }

    private long sum(String name, String connection, String... labels) {
        return Math.round(registry.find(name).tag("connection", connection).tags(labels).counters().stream()
                .mapToDouble(Counter::count)
                .sum());
    }

    private void gauge(String name, Supplier<Number> value, String... labels) {
        io.micrometer.core.instrument.Gauge.builder(name, value).tags(labels).register(registry);
    }

    private Counter counter(String name, String... labels) {
        List<String> key = key(name, labels);
        Counter known = counters.get(key);
        return known != null ? known : counters.computeIfAbsent(key, absent -> registry.counter(name, labels));
    }

    private Timer timer(String name, String... labels) {
        List<String> key = key(name, labels);
        Timer known = timers.get(key);
        return known != null ? known : timers.computeIfAbsent(key, absent -> registry.timer(name, labels));
    }

    private static List<String> key(String name, String... labels) {
        String[] key = Arrays.copyOf(labels, labels.length + 1);
        key[labels.length] = name;
        return List.of(key);
    }
}
