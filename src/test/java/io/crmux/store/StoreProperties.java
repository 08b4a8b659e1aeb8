package io.crmux.store;

import io.crmux.crm.Tag;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** A store holds, after any sequence of steps and reopenings, what a model of it in memory holds. */
abstract class StoreProperties {

    /** Opens the store in a folder, with what it held when it was closed. */
    abstract Store open(Path folder);

    /** Something that is done to a store. */
    interface Step {
        void take(Store store, StoreModel model);
    }

    /** The step of closing the store and opening it again. */
    private static final Step REOPEN = (store, model) -> {};

    @Property(tries = 200)
    void aStoreHoldsWhatItsModelHolds(@ForAll("sequences") List<Step> steps) throws IOException {
        Path folder = Files.createTempDirectory("crmux-store");
        StoreModel model = new StoreModel();
        Store store = open(folder);
        try {
            for (Step step : steps) {
                if (step == REOPEN) {
                    Awaiting.success(store.close());
                    store = open(folder);
                    model.check(store);
                } else {
                    step.take(store, model);
                }
            }
            model.check(store);
        } finally {
            Awaiting.success(store.close());
            delete(folder);
        }
    }

    @Provide
    Arbitrary<List<Step>> sequences() {
        return Arbitraries.frequencyOf(
                        Tuple.of(8, acceptances()),
                        Tuple.of(10, records()),
                        Tuple.of(2, forgettings()),
                        Tuple.of(1, tagLists()),
                        Tuple.of(1, Arbitraries.just(REOPEN)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(40);
    }

    private static Arbitrary<Step> acceptances() {
        return changes()
                .list()
                .ofMaxSize(3)
                .map(changes -> (store, model) -> model.accepted(changes, Awaiting.success(store.accept(changes))));
    }

    private static Arbitrary<Step> records() {
        return Combinators.combine(
                        connections(),
                        progresses().list().ofMaxSize(3),
                        aliases()
                                .list()
                                .uniqueElements(Alias::emailKey)
                                .ofMaxSize(2)
                                .map(learned -> new Learned(learned, List.of())))
                .as((connection, progresses, learned) -> (store, model) -> {
                    List<Progress> told = progresses.stream()
                            .map(progress -> at(model.anySeq((int) progress.seq()), progress))
                            .toList();
                    Awaiting.success(store.record(connection, told, learned));
                    model.recorded(connection, told, learned);
                });
    }

    private static Arbitrary<Step> forgettings() {
        return Combinators.combine(times(), times()).as((ended, learned) -> (store, model) -> {
            Awaiting.success(store.forget(ended, learned));
            model.forgotten(ended, learned);
        });
    }

    private static Arbitrary<Step> tagLists() {
        return Combinators.combine(connections(), texts().list().ofMaxSize(3), times())
                .as((connection, names, loaded) -> (store, model) -> {
                    TagList tags = new TagList(names.stream().map(Tag::named).toList(), loaded);
                    Awaiting.success(store.keepTagList(connection, tags));
                    model.keptTagList(connection, tags);
                });
    }

    private static Arbitrary<NewChange> changes() {
        return Combinators.combine(
                        Arbitraries.of(Samples.operation("one"), Samples.operation("two"), Samples.operation("three")),
                        connections(),
                        Arbitraries.of("1", "2", "3").injectNull(0.4),
                        emails().injectNull(0.3),
                        bodies(),
                        times())
                .as((operation, connection, contact, email, body, accepted) ->
                        new NewChange(operation, connection, contact, email, body, accepted));
    }

    private static Arbitrary<ChangeBody> bodies() {
        Arbitrary<JsonObject> objects = Arbitraries.maps(texts(), texts())
                .ofMaxSize(3)
                .map(map -> map.entrySet().stream()
                        .collect(
                                JsonObject::new,
                                (json, entry) -> json.put(entry.getKey(), entry.getValue()),
                                JsonObject::mergeIn));
        return Arbitraries.oneOf(
                Combinators.combine(texts().list().ofMaxSize(3), texts().list().ofMaxSize(3))
                        .as(ChangeBody.Tags::new),
                Combinators.combine(objects, Arbitraries.of(true, false)).as(ChangeBody.Create::new),
                Combinators.combine(objects, Arbitraries.of(true, false)).as(ChangeBody.Update::new),
                Combinators.combine(texts(), objects).as(ChangeBody.Event::new),
                Arbitraries.just(new ChangeBody.Delete()));
    }

    /** With a random number in place of the seq, which is chosen when the step is taken. */
    private static Arbitrary<Progress> progresses() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 1000),
                        Arbitraries.of(ChangeState.class),
                        Arbitraries.integers().between(0, 1000),
                        times(),
                        texts().injectNull(0.5),
                        texts().map(text -> new JsonObject().put("detail", text))
                                .injectNull(0.5),
                        Arbitraries.of(true, false))
                .as((choice, state, attempts, at, waitingFor, problem, settled) ->
                        new Progress(choice, state, attempts, at, waitingFor, problem, settled));
    }

    private static Progress at(long seq, Progress progress) {
        return new Progress(
                seq,
                progress.state(),
                progress.attempts(),
                progress.at(),
                progress.waitingFor(),
                progress.problem(),
                progress.settled());
    }

    private static Arbitrary<Alias> aliases() {
        return Combinators.combine(
                        emails().map(email -> email.toLowerCase(Locale.ROOT)), Arbitraries.of("1", "2", "3"), times())
                .as(Alias::new);
    }

    private static Arbitrary<String> emails() {
        return Arbitraries.of("a@example.com", "B@Example.com", "b@example.com", "Ä@example.com");
    }

    private static Arbitrary<String> connections() {
        return Arbitraries.of(StoreModel.CONNECTIONS);
    }

    private static Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withChars('a', 'é', '"', '\\', '\u001f', '\n', '✓', ' ')
                .ofMaxLength(6);
    }

    private static Arbitrary<Long> times() {
        return Arbitraries.longs().between(0, 20);
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
