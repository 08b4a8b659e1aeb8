package io.crmux.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Tag;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
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

    /** Something that is asked of a store. */
    interface Step {

        /** Asks. @return what waits for the outcome, and does the same to the model */
        Runnable begin(Store store, StoreModel model);
    }

    /** The step of waiting for what was asked before: what is asked without waiting in between shares transactions. */
    private static final Step AWAIT = (store, model) -> () -> {};

    /** The step of closing the store and opening it again. */
    private static final Step REOPEN = (store, model) -> () -> {};

    @Property(tries = 200)
    void aStoreHoldsWhatItsModelHolds(@ForAll("sequences") List<Step> steps) throws IOException {
        Path folder = Files.createTempDirectory("crmux-store");
        StoreModel model = new StoreModel();
        Store store = open(folder);
        List<Runnable> pending = new ArrayList<>();
        try {
            for (Step step : steps) {
                pending.add(step.begin(store, model));
                if (step == AWAIT || step == REOPEN) {
                    end(pending);
                }
                if (step == REOPEN) {
                    Awaiting.success(store.close());
                    store = open(folder);
                    model.check(store);
                }
            }
            end(pending);
            model.check(store);
        } finally {
            Awaiting.success(store.close());
            delete(folder);
        }
    }

    private static void end(List<Runnable> pending) {
        pending.forEach(Runnable::run);
        pending.clear();
    }

    @Provide
    Arbitrary<List<Step>> sequences() {
        return Arbitraries.frequencyOf(
                        Tuple.of(8, acceptances()),
                        Tuple.of(2, stagings()),
                        Tuple.of(10, records()),
                        Tuple.of(4, replays()),
                        Tuple.of(2, forgettings()),
                        Tuple.of(1, remembering()),
                        Tuple.of(1, texts().flatMap(StoreProperties::keeping)),
                        Tuple.of(1, tagLists()),
                        Tuple.of(10, Arbitraries.just(AWAIT)),
                        Tuple.of(1, Arbitraries.just(REOPEN)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }

    private static Arbitrary<Step> acceptances() {
        return Combinators.combine(changes().list().ofMaxSize(3), requests().injectNull(0.7))
                .as((changes, request) -> (store, model) -> {
                    Future<List<Change>> accepted = store.accept(changes, request, published -> {});
                    return () -> model.accepted(changes, Awaiting.success(accepted), request);
                });
    }

    private static Arbitrary<Step> stagings() {
        return Combinators.combine(changes().list().ofMaxSize(3), requests().injectNull(0.7))
                .as((changes, request) -> (store, model) -> {
                    Future<List<Change>> staged = store.stage(changes, request);
                    return () -> model.staged(changes, Awaiting.success(staged), request);
                });
    }

    private static Arbitrary<Step> records() {
        return Combinators.combine(connections(), progresses().list().ofMaxSize(3), learned())
                .as((connection, progresses, learned) -> (store, model) -> {
                    List<Progress> told = progresses.stream()
                            .map(progress -> at(model.anySeq((int) progress.seq()), progress))
                            .toList();
                    Future<Void> recorded = store.record(connection, told, learned);
                    return () -> {
                        Awaiting.success(recorded);
                        model.recorded(connection, told, learned);
                    };
                });
    }

    /** Mostly of dead changes, after all changes were looked at: a replay that is not refused is the rarer case by chance alone. */
    private static Arbitrary<Step> replays() {
        return Combinators.combine(
                        connections(),
                        changes().list().ofMaxSize(2),
                        progresses().list().ofMaxSize(2),
                        identities(),
                        Arbitraries.integers().between(0, 1000).injectNull(0.8))
                .as((connection, anew, ends, whose, lookedUpTo) -> (store, model) -> {
                    List<Progress> discarded = ends.stream()
                            .map(end -> at(model.anyDead(connection, (int) end.seq()), end))
                            .toList();
                    long seen = lookedUpTo == null ? model.lastSeq() : model.anySeq(lookedUpTo);
                    Replay replay = new Replay(anew, discarded, whose, seen);
                    Future<List<Change>> replayed = store.replay(connection, replay, accepted -> {});
                    return () -> {
                        if (model.supersedes(connection, replay)) {
                            assertThat(Awaiting.failure(replayed)).isInstanceOf(SupersededException.class);
                        } else {
                            model.replayed(connection, replay, Awaiting.success(replayed));
                        }
                    };
                });
    }

    private static Arbitrary<Step> forgettings() {
        return Combinators.combine(times(), times()).as((ended, learned) -> (store, model) -> {
            Future<Void> forgotten = store.forget(ended, learned);
            return () -> {
                Awaiting.success(forgotten);
                model.forgotten(ended, learned);
            };
        });
    }

    private static Arbitrary<Step> remembering() {
        return requests().map(request -> (store, model) -> {
            Future<Void> remembered = store.remember(request);
            return () -> {
                Awaiting.success(remembered);
                model.remembered(request);
            };
        });
    }

    private static Arbitrary<Step> keeping(String name) {
        return Combinators.combine(Arbitraries.of(StoreModel.KINDS), texts().injectNull(0.3))
                .as((kind, text) -> (store, model) -> {
                    Future<Void> kept = store.keep(kind, name, text);
                    return () -> {
                        Awaiting.success(kept);
                        model.kept(kind, name, text);
                    };
                });
    }

    private static Arbitrary<Step> tagLists() {
        return Combinators.combine(connections(), texts().list().ofMaxSize(3), times())
                .as((connection, names, loaded) -> (store, model) -> {
                    TagList tags = new TagList(names.stream().map(Tag::named).toList(), loaded);
                    Future<Void> kept = store.keepTagList(connection, tags);
                    return () -> {
                        Awaiting.success(kept);
                        model.keptTagList(connection, tags);
                    };
                });
    }

    private static Arbitrary<NewChange> changes() {
        return Combinators.combine(
                        operations(),
                        connections(),
                        ids().injectNull(0.4),
                        emails().injectNull(0.3),
                        bodies(),
                        Combinators.combine(connections(), ids().injectNull(0.5))
                                .as(Origin::new)
                                .injectNull(0.7),
                        times())
                .as(NewChange::new);
    }

    private static Arbitrary<Remembered> requests() {
        return Combinators.combine(
                        Combinators.combine(Arbitraries.of("site", "shop"), connections(), Arbitraries.of("k1", "k2"))
                                .as(IdempotencyKey::new),
                        texts(),
                        operations().injectNull(0.3),
                        texts().map(text -> new JsonObject().put("name", text)).injectNull(0.5),
                        times())
                .as(Remembered::new);
    }

    private static Arbitrary<Learned> learned() {
        return Combinators.combine(
                        aliases().list().uniqueElements(Alias::emailKey).ofMaxSize(2),
                        Combinators.combine(ids(), ids(), times())
                                .as(Rename::new)
                                .list()
                                .ofMaxSize(2))
                .as(Learned::new);
    }

    private static Arbitrary<Identity> identities() {
        return Combinators.combine(
                        ids().set().ofMaxSize(1),
                        emails().map(email -> email.toLowerCase(Locale.ROOT))
                                .set()
                                .ofMaxSize(1))
                .as(Identity::new);
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
                Arbitraries.just(new ChangeBody.Delete()),
                texts().map(ChangeBody.AddTag::new));
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
                        texts().map(text -> new JsonObject().put("id", text)).injectNull(0.5),
                        Arbitraries.of(true, false))
                .as((choice, state, attempts, at, waitingFor, problem, result, settled) ->
                        new Progress(choice, state, attempts, at, waitingFor, problem, result, settled));
    }

    private static Progress at(long seq, Progress progress) {
        return new Progress(
                seq,
                progress.state(),
                progress.attempts(),
                progress.at(),
                progress.waitingFor(),
                progress.problem(),
                progress.result(),
                progress.settled());
    }

    private static Arbitrary<Alias> aliases() {
        return Combinators.combine(emails().map(email -> email.toLowerCase(Locale.ROOT)), ids(), times())
                .as(Alias::new);
    }

    private static Arbitrary<UUID> operations() {
        return Arbitraries.of("one", "two", "three").map(Samples::operation);
    }

    private static Arbitrary<String> ids() {
        return Arbitraries.of("1", "2", "3");
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
