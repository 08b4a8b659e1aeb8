package io.crmux.store;

import static io.crmux.store.Samples.MAIN;
import static io.crmux.store.Samples.OTHER;
import static io.crmux.store.Samples.operation;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Tag;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a failure at any statement leaves of calls that write in many places. */
class SqliteEachStatementTest {

    private static final IdempotencyKey KEY = new IdempotencyKey("site", MAIN, "k");

    @TempDir
    private Path folder = Path.of("");

    /** A story of which everything in the file is seen. */
    private record Told(Consumer<Store> found, Function<Store, Future<?>> calls, Consumer<Store> believed)
            implements EachStatement.Story {

        Told(Consumer<Store> found, Function<Store, Future<?>> calls) {
            this(found, calls, store -> {});
        }

        @Override
        public void before(Store store) {
            found.accept(store);
        }

        @Override
        public Future<?> call(Store store) {
            return calls.apply(store);
        }

        @Override
        public Object seen(Store store, Path file) {
            return Rows.of(file);
        }

        @Override
        public void afterwards(Store store) {
            believed.accept(store);
        }
    }

    private void oneTransaction(Told story) {
        assertThat(EachStatement.fails(folder, story)).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void movingToAnotherCrm() {
        oneTransaction(new Told(
                SqliteEachStatementTest::oneOfEverything,
                store -> store.moveTo(MAIN, "hubspot"),
                SqliteEachStatementTest::isFullWhenItHoldsWhatItMay));
    }

    @Test
    void sayingForTheFirstTimeWhichCrmItIs() {
        oneTransaction(new Told(store -> {}, store -> store.moveTo(MAIN, "hubspot")));
    }

    @Test
    void keepingATextInPlaceOfAnother() {
        oneTransaction(new Told(
                store -> Awaiting.success(store.keep("account", "hash", "1")),
                store -> store.keep("account", "hash", "2")));
    }

    @Test
    void keepingATextNoLonger() {
        oneTransaction(new Told(
                store -> Awaiting.success(store.keep("account", "hash", "1")),
                store -> store.keep("account", "hash", null)));
    }

    @Test
    void forgetting() {
        oneTransaction(new Told(
                SqliteEachStatementTest::oneOfEverything,
                store -> store.forget(5000, 5000),
                SqliteEachStatementTest::isFullWhenItHoldsWhatItMay));
    }

    @Test
    void forgettingMoreThanIsForgottenAtOnce() {
        List<Object> states = EachStatement.fails(
                folder,
                new Told(
                        store -> {
                            oneOfEverything(store);
                            List<Alias> many = IntStream.range(0, 501)
                                    .mapToObj(i -> new Alias(i + "@example.com", "c" + i, 100))
                                    .toList();
                            Awaiting.success(store.record(MAIN, List.of(), new Learned(many, List.of())));
                        },
                        store -> store.forget(5000, 5000)));
        assertThat(states).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void writingAnAddressDownForChangesThatWaitWithoutOne() {
        oneTransaction(new Told(
                store -> {
                    accept(store, "a", OTHER, null, null, new Origin(MAIN, "42"));
                    accept(store, "b", OTHER, null, null, new Origin(MAIN, "42"));
                },
                store -> store.identify(OTHER, List.of(1L, 2L), "Jane@example.com", "43")));
    }

    private static long accept(
            Store store,
            String name,
            String connection,
            @Nullable String contact,
            @Nullable String email,
            @Nullable Origin origin) {
        ChangeBody vip = new ChangeBody.Tags(List.of("vip"), List.of());
        NewChange change = new NewChange(operation(name), connection, contact, email, vip, origin, 1000);
        return Awaiting.success(store.accept(List.of(change))).get(0).seq();
    }

    /** A change in every state, of contacts that are known in every way; what was learned; what is remembered. */
    private static void oneOfEverything(Store store) {
        Awaiting.success(store.moveTo(MAIN, "activecampaign https://a"));
        accept(store, "waits", MAIN, "42", "Jane@example.com", null);
        accept(store, "known by its alias", MAIN, "7", null, null);
        accept(store, "known by nothing", MAIN, "9", null, null);
        Stream<Progress> steps = Stream.of(
                step(accept(store, "queued there", MAIN, "44", "a@example.com", null), ChangeState.ACCEPTED, false),
                step(accept(store, "unshown", MAIN, "45", "b@example.com", null), ChangeState.DELIVERED, false),
                step(accept(store, "dead", MAIN, "46", "c@example.com", null), ChangeState.DEAD, true),
                step(accept(store, "follows", MAIN, "46", null, null), ChangeState.DELIVERED, true),
                step(accept(store, "dead and unknown", MAIN, "47", null, null), ChangeState.DEAD, true),
                step(accept(store, "done", MAIN, "48", "d@example.com", null), ChangeState.DELIVERED, true),
                step(accept(store, "given up", MAIN, "49", null, null), ChangeState.DISCARDED, true));
        List<Rename> renames = List.of(new Rename("6", "7", 2000), new Rename("8", "42", 9000));
        List<Alias> aliases =
                List.of(new Alias("known@example.com", "7", 2000), new Alias("late@example.com", "50", 9000));
        Awaiting.success(store.record(MAIN, steps.toList(), new Learned(aliases, renames)));
        accept(store, "mirrored", OTHER, null, null, new Origin(MAIN, "7"));
        accept(store, "mirrored of nobody", OTHER, null, null, new Origin(MAIN, "9"));
        NewChange staged = new NewChange(
                operation("staged"), MAIN, "51", "e@example.com", new ChangeBody.AddTag("gold"), null, 1000);
        Awaiting.success(store.stage(List.of(staged), null));
        Awaiting.success(store.keepTagList(MAIN, new TagList(List.of(Tag.of("1", "vip")), 3000)));
        Awaiting.success(store.remember(new Remembered(KEY, "print", operation("done"), null, 1000)));
    }

    private static Progress step(long seq, ChangeState state, boolean settled) {
        return state == ChangeState.DEAD
                ? Samples.dead(seq, 2000)
                : new Progress(seq, state, 1, 2000, null, null, settled);
    }

    private static void isFullWhenItHoldsWhatItMay(Store store) {
        long unsettled = Stream.of(MAIN, OTHER)
                .mapToLong(each ->
                        Awaiting.success(Recovered.of(store, each)).unsettled().size())
                .sum();
        assertThat(unsettled).isPositive();
        for (long more = unsettled; more < EachStatement.MAX_CHANGES; more++) {
            accept(store, "more " + more, MAIN, "1", null, null);
        }
        assertThat(Awaiting.failure(store.accept(List.of(Samples.tags("too many")))))
                .isInstanceOf(StoreFullException.class);
    }
}
