package io.crmux.gateway;

import io.crmux.crm.Authentication;
import io.crmux.crm.Crm;
import io.crmux.crm.Descriptor;
import io.crmux.crm.FieldTarget;
import io.crmux.crm.Loop;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Operation;
import io.crmux.crm.Trace;
import io.crmux.crm.Traits;
import io.crmux.gateway.contact.ContactMemory;
import io.crmux.store.ChangeState;
import io.crmux.telemetry.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A connection on a hand-driven loop, between a model CRM and a store in memory. */
final class Bench {

    static final Trace TRACE = new Trace("test");
    static final WriteOptions NO_WAIT = new WriteOptions(0, TRACE);
    private static final Map<String, FieldTarget> FIELDS = Map.of(
            "user_email", FieldTarget.text("email"),
            "first_name", FieldTarget.text("first"),
            "last_name", FieldTarget.text("last"));
    private static final Map<String, FieldTarget> MIRRORS_FIELDS = Map.of(
            "user_email", FieldTarget.text("email"),
            "first_name", FieldTarget.text("given"));

    final ManualLoop loop = new ManualLoop();
    final MemoryStore store = new MemoryStore(loop);
    final ModelCrm crm;
    final Random random;
    Connection connection;
    /** The CRM of the connection that mirrors this one, if there is one. */
    @Nullable
    ModelCrm mirrorCrm;

    @Nullable
    Connection mirror;

    /** The CRM of the connection that mirrors the mirror, if there is one. */
    @Nullable
    ModelCrm mirrorsMirrorCrm;

    private @Nullable Connection mirrorsMirror;

    private final int concurrent;
    private final long cacheBytes;
    private ConnectionOptions.Mode mode;
    private ConnectionOptions.Mode mirrorMode = ConnectionOptions.Mode.LIVE;
    private MortalLoop process;

    Bench(Traits traits, long seed) {
        this(loop -> new ModelCrm(loop, traits), seed, 4, ConnectionOptions.Mode.LIVE, null);
    }

    /** A CRM of the test's own before so much memory. */
    Bench(Function<ManualLoop, ModelCrm> model, long cacheBytes) {
        this(model, 1, 4, ConnectionOptions.Mode.LIVE, null, cacheBytes);
    }

    private Bench(
            Function<ManualLoop, ModelCrm> model,
            long seed,
            int concurrent,
            ConnectionOptions.Mode mode,
            @Nullable Traits mirrorTraits) {
        this(model, seed, concurrent, mode, mirrorTraits, 10_000_000);
    }

    private Bench(
            Function<ManualLoop, ModelCrm> model,
            long seed,
            int concurrent,
            ConnectionOptions.Mode mode,
            @Nullable Traits mirrorTraits,
            long cacheBytes) {
        crm = model.apply(loop);
        this.concurrent = concurrent;
        this.cacheBytes = cacheBytes;
        random = new Random(seed);
        this.mode = mode;
        process = new MortalLoop(loop);
        mirrorCrm = mirrorTraits == null ? null : new ModelCrm(loop, mirrorTraits);
        mirrorsMirrorCrm = mirrorTraits == null ? null : new ModelCrm(loop, mirrorTraits);
        connection = openAll();
        done(startAll());
    }

    /** A connection whose writes are only recorded. */
    static Bench staging() {
        Traits traits = traits(Duration.ZERO, Traits.Creation.BY_APPLYING, Traits.Add.REFUSES);
        return new Bench(loop -> new ModelCrm(loop, traits), 1, 4, ConnectionOptions.Mode.STAGING, null);
    }

    /** A connection whose writes go to another one, too, with a field map of its own; what is written to that one itself goes to a third. */
    static Bench mirrored() {
        Traits traits = traits(Duration.ZERO, Traits.Creation.BY_APPLYING, Traits.Add.REFUSES);
        return new Bench(loop -> new ModelCrm(loop, traits), 1, 4, ConnectionOptions.Mode.LIVE, traits);
    }

    /** The same, where a tag is created by a call of its own. */
    static Bench mirroredWhereTagsAreCreated() {
        Traits traits = traits(Duration.ZERO, Traits.Creation.BY_CALL, Traits.Add.REFUSES);
        return new Bench(loop -> new ModelCrm(loop, traits), 1, 4, ConnectionOptions.Mode.LIVE, traits);
    }

    /** The same, where the other one goes by addresses: an addition is one of whoever has the address. */
    static Bench mirroredToAddresses() {
        Traits names = traits(Duration.ZERO, Traits.Creation.BY_APPLYING, Traits.Add.REFUSES);
        Traits addresses = new Traits(
                names.canonical(),
                names.tagsIgnoreCase(),
                names.creation(),
                Traits.Add.UPSERTS,
                Traits.Address.EMAIL,
                names.settling(),
                names.batchesPerCall());
        return new Bench(loop -> new ModelCrm(loop, names), 1, 4, ConnectionOptions.Mode.LIVE, addresses);
    }

    /** The same, where the first one's tags are known by their ids. */
    static Bench mirroredByTagId() {
        Traits names = traits(Duration.ZERO, Traits.Creation.BY_APPLYING, Traits.Add.REFUSES);
        Traits ids = new Traits(
                Traits.Canonical.ID,
                false,
                names.creation(),
                names.add(),
                names.address(),
                names.settling(),
                names.batchesPerCall());
        return new Bench(loop -> new ModelCrm(loop, ids), 1, 4, ConnectionOptions.Mode.LIVE, names);
    }

    /** The same, where the other one only records what is written to it. */
    static Bench mirroredToStaging() {
        Bench bench = mirrored();
        bench.mirrorMode = ConnectionOptions.Mode.STAGING;
        bench.connection = bench.openAll();
        bench.done(bench.startAll());
        return bench;
    }

    static Bench plain() {
        return new Bench(traits(Duration.ZERO, Traits.Creation.BY_APPLYING, Traits.Add.REFUSES), 1);
    }

    static Traits traits(Duration settling, Traits.Creation creation, Traits.Add add) {
        return new Traits(Traits.Canonical.NAME, false, creation, add, Traits.Address.ID, settling, 1);
    }

    /** A CRM whose connector takes several contacts' batches at once. */
    static Bench bulk(int batchesPerCall) {
        return new Bench(bulkTraits(batchesPerCall), 1);
    }

    /** A CRM that looks many addresses up, and tags many contacts, in one call. */
    static Bench bulk(int mostAddresses, int mostContacts, int concurrent, long seed) {
        return new Bench(
                loop -> new BulkModelCrm(loop, bulkTraits(mostContacts), mostAddresses, mostContacts),
                seed,
                concurrent,
                ConnectionOptions.Mode.LIVE,
                null);
    }

    private static Traits bulkTraits(int batchesPerCall) {
        Traits one = traits(Duration.ZERO, Traits.Creation.BY_APPLYING, Traits.Add.REFUSES);
        return new Traits(
                one.canonical(),
                one.tagsIgnoreCase(),
                one.creation(),
                one.add(),
                one.address(),
                one.settling(),
                batchesPerCall);
    }

    /** Kills the process and starts another on the same store. */
    void restart() {
        restart(memory -> {});
    }

    /** The same, where something is in the other's memory before it begins. */
    void restart(Consumer<ContactMemory> remembering) {
        done(beginRestart(remembering));
    }

    /** The same, answered when the new process has begun. */
    Future<Void> beginRestart(Consumer<ContactMemory> remembering) {
        kill();
        process = new MortalLoop(loop);
        connection = openAll();
        remembering.accept(memory());
        return startAll();
    }

    /** Kills the process. */
    void kill() {
        process.kill();
        crm.cutOff(random::nextBoolean);
    }

    private Future<Void> startAll() {
        return Future.all(Stream.of(connection, mirror, mirrorsMirror)
                        .filter(Objects::nonNull)
                        .map(Connection::start)
                        .toList())
                .mapEmpty();
    }

    /** The same, with another mode in its configuration. */
    void restartAs(ConnectionOptions.Mode other) {
        mode = other;
        restart();
    }

    ContactMemory memory() {
        return ((LiveConnection) connection).memory();
    }

    private Connection openAll() {
        if (mirrorCrm == null || mirrorsMirrorCrm == null) {
            return open("main", crm, mode, List.of(), process, FIELDS);
        }
        Connection main = open("main", crm, mode, List.of("mirror"), process, FIELDS);
        Connection second = open("mirror", mirrorCrm, mirrorMode, List.of("third"), process, MIRRORS_FIELDS);
        Connection third =
                open("third", mirrorsMirrorCrm, ConnectionOptions.Mode.LIVE, List.of(), process, MIRRORS_FIELDS);
        mirror = second;
        mirrorsMirror = third;
        new Gateway(List.of(main, second, third), Map.of(), Map.of());
        return main;
    }

    /** A further connection on the same store, with a loop of its own. */
    Connection open(String name, Crm crm, ConnectionOptions.Mode mode, List<String> mirrors, Loop itsLoop) {
        Connection further = open(name, crm, mode, mirrors, itsLoop, FIELDS);
        done(further.start());
        return further;
    }

    private Connection open(
            String name,
            Crm crm,
            ConnectionOptions.Mode mode,
            List<String> mirrors,
            Loop itsLoop,
            Map<String, FieldTarget> fields) {
        Descriptor descriptor = new Descriptor(
                "model",
                "Model",
                List.of(),
                Authentication.none(),
                List.of(),
                4,
                "a name",
                EnumSet.allOf(Operation.class),
                fields,
                Descriptor.Countries.NAME,
                "");
        ConnectionOptions options = new ConnectionOptions(
                name,
                Map.of(),
                new CacheOptions(Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofMinutes(1)),
                BatchOptions.defaults(),
                mode,
                mirrors,
                cacheBytes,
                concurrent,
                ConnectionOptions.DEFAULT_WAITING);
        return new LiveConnection(
                options,
                descriptor,
                crm,
                settings -> crm,
                store,
                itsLoop,
                new Metrics(new SimpleMeterRegistry()),
                random);
    }

    /** The outcome, after as much time as it takes. */
    <T> T done(Future<T> future) {
        for (int i = 0; i < 100_000 && !future.isComplete(); i++) {
            loop.advance(1);
        }
        if (!future.isComplete()) {
            throw new AssertionError("not complete after 100 s");
        }
        if (future.failed()) {
            if (future.cause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new AssertionError(future.cause());
        }
        return future.result();
    }

    Future<Cached<ContactTags>> getTags(ContactRef contact) {
        return connection.getTags(contact, Freshness.ANY, TRACE);
    }

    List<String> tags(ContactRef contact) {
        return done(getTags(contact)).value().tags();
    }

    Written apply(ContactRef contact, String... tags) {
        return done(connection.changeTags(contact, List.of(tags), List.of(), NO_WAIT));
    }

    Written remove(ContactRef contact, String... tags) {
        return done(connection.changeTags(contact, List.of(), List.of(tags), NO_WAIT));
    }

    /** The state of a write's fate. */
    ChangeState state(String operation) {
        return done(connection.operation(operation)).state();
    }

    Future<AddedContact> add(String email, long waitMillis, String... tags) {
        return connection.addContact(
                new JsonObject().put("user_email", email), true, List.of(tags), new WriteOptions(waitMillis, TRACE));
    }

    static ContactRef id(String id) {
        return ContactRef.id(id);
    }

    static ContactRef email(String email) {
        return ContactRef.email(Address.parse(email).orElseThrow());
    }

    /** By address or by id, whichever it looks like. */
    static ContactRef ref(String said) {
        return said.contains("@") ? email(said) : id(said);
    }
}
