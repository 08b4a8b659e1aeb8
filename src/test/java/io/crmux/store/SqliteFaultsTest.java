package io.crmux.store;

import static io.crmux.store.Samples.MAIN;
import static io.crmux.store.Samples.delivered;
import static io.crmux.store.Samples.operation;
import static io.crmux.store.Samples.tags;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How calls share transactions, and what becomes of them when the database fails. */
class SqliteFaultsTest {

    private static final String POISON = "poison";

    private final FaultyPlatform platform = new FaultyPlatform();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private SqliteStore store;

    @BeforeEach
    void openStore() {
        store = open();
    }

    @AfterEach
    void closeStore() {
        platform.noFault();
        Awaiting.success(store.close());
    }

    @Test
    void callsThatWaitForACommitShareTheNextOne() {
        CountDownLatch asked = new CountDownLatch(1);
        int before = platform.commits();
        Future<?> first = heldUntil(asked);
        List<Future<List<Change>>> waiting = IntStream.range(0, 500)
                .mapToObj(i -> store.accept(List.of(tags("o" + i))))
                .toList();
        asked.countDown();
        waiting.forEach(Awaiting::success);
        Awaiting.success(first);

        assertThat(platform.commits() - before).isEqualTo(2);
    }

    @Test
    void aGroupIsBounded() {
        CountDownLatch asked = new CountDownLatch(1);
        int before = platform.commits();
        Future<?> first = heldUntil(asked);
        List<Future<Void>> waiting = IntStream.range(0, 2 * Writer.LARGEST_GROUP + 1)
                .mapToObj(i -> store.probe())
                .toList();
        asked.countDown();
        waiting.forEach(Awaiting::success);
        Awaiting.success(first);

        assertThat(platform.commits() - before).isEqualTo(4);
    }

    @Test
    void readsCommitNothing() {
        int before = platform.commits();
        Awaiting.success(Recovered.of(store, MAIN));
        Awaiting.success(store.operation(MAIN, operation("a")));
        Awaiting.success(store.tagList(MAIN));

        assertThat(platform.commits()).isEqualTo(before);
    }

    @Test
    void aCallThatFailsDoesNotTakeTheOthersOfItsGroupWithIt() {
        CountDownLatch asked = new CountDownLatch(1);
        Future<?> first = heldUntil(asked);
        ConcurrentLinkedQueue<String> ended = new ConcurrentLinkedQueue<>();
        List<Future<?>> good = new ArrayList<>();
        good.add(store.accept(List.of(tags("a"))).onComplete(end -> ended.add("a")));
        Future<?> bad = store.keepTagList(MAIN, new TagList(List.of(), 1)).onComplete(end -> ended.add("tags"));
        good.add(store.accept(List.of(tags("b"), tags("c"))).onComplete(end -> ended.add("b")));
        platform.fault(what -> failAt(what.contains("tag_lists")));
        asked.countDown();

        Awaiting.failure(bad);
        good.forEach(Awaiting::success);
        Awaiting.success(first);
        assertThat(ended).containsExactly("a", "tags", "b");
        assertThat(recovered()).containsExactly(operation("first"), operation("a"), operation("b"), operation("c"));
    }

    @Test
    void aCallOfManyChangesFailsAsAWhole() {
        AtomicInteger inserts = new AtomicInteger();
        platform.fault(what -> failAt(what.equals(ChangeRow.INSERT) && inserts.incrementAndGet() == 3));
        Awaiting.failure(store.accept(List.of(tags("a"), tags("b"), tags("c"))));

        List<Change> next = Awaiting.success(store.accept(List.of(tags("d"))));
        assertThat(recovered()).containsExactly(operation("d"));
        assertThat(next.get(0).seq()).isPositive();
    }

    @Test
    void aCommitThatFailsFailsItsWholeGroupAndTheNextOneSucceeds() {
        CountDownLatch asked = new CountDownLatch(1);
        AtomicInteger commits = new AtomicInteger();
        platform.fault(what -> {
            if (what.equals(FaultyPlatform.COMMIT)) {
                if (commits.incrementAndGet() == 1) {
                    asked.await();
                } else {
                    failAt(commits.get() == 2);
                }
            }
        });
        Future<?> first = store.accept(List.of(tags("first")));
        waitFor(commits);
        List<Future<?>> group =
                List.of(store.accept(List.of(tags("a"))), store.probe(), store.accept(List.of(tags("b"))));
        asked.countDown();
        Awaiting.success(first);
        group.forEach(Awaiting::failure);

        Change next = Awaiting.success(store.accept(List.of(tags("c")))).get(0);
        assertThat(recovered()).containsExactly(operation("first"), operation("c"));
        assertThat(platform.opened()).isEqualTo(2);
        assertThat(next.seq()).isGreaterThan(1);

        reopen();
        assertThat(recovered()).containsExactly(operation("first"), operation("c"));
    }

    @Test
    void theStoreRecoversFromAFailureAtAnyStatement() {
        Change change = Awaiting.success(store.accept(List.of(tags("kept")))).get(0);
        List<UUID> accepted = new ArrayList<>(List.of(operation("kept")));
        for (int nth = 1; nth <= 30; nth++) {
            AtomicInteger left = new AtomicInteger(nth);
            platform.fault(what -> failAt(left.decrementAndGet() == 0));
            String name = "o" + nth;
            Future<List<Change>> outcome = store.accept(List.of(tags("new connection " + nth, name), tags(name)));
            Future<Void> told = store.record(
                    MAIN,
                    List.of(Samples.queued(change.seq(), nth, "its turn")),
                    Learned.of(new Alias("jane@example.com", "42", nth)));
            outcome.onSuccess(done -> accepted.add(operation(name)));
            settle(outcome);
            settle(told);
            platform.noFault();
            assertThat(recovered()).containsExactlyElementsOf(accepted);
            assertThat(Awaiting.success(Recovered.of(store, "new connection " + nth))
                            .unsettled())
                    .hasSize(outcome.succeeded() ? 1 : 0);
        }
        assertThat(accepted).hasSizeGreaterThan(5);
    }

    @Test
    void ofAReplayThatFailsAtAnyStatementNothingIsThere() {
        long dead = Awaiting.success(store.accept(List.of(tags("dead")))).get(0).seq();
        Progress death = Samples.dead(dead, 2000);
        Identity jane = new Identity(Set.of("42"), Set.of("jane@example.com"));
        int failures = 0;
        boolean replayed = false;
        for (int nth = 1; !replayed; nth++) {
            Awaiting.success(store.record(MAIN, List.of(death), Learned.NOTHING));
            AtomicInteger left = new AtomicInteger(nth);
            platform.fault(what -> failAt(left.decrementAndGet() == 0));
            Progress end = new Progress(dead, ChangeState.DISCARDED, 1, 3000, null, null, true);
            Future<List<Change>> replay = store.replay(
                    MAIN,
                    new Replay(List.of(tags("new " + nth, "a"), tags("b")), List.of(end), jane, dead),
                    accepted -> {});
            settle(replay);
            platform.noFault();
            replayed = replay.succeeded();
            failures += replayed ? 0 : 1;
            assertThat(recovered()).hasSize(replayed ? 1 : 0);
            assertThat(Awaiting.success(Recovered.of(store, "new " + nth)).unsettled())
                    .hasSize(replayed ? 1 : 0);
            assertThat(Awaiting.success(store.operation(MAIN, operation("dead")))
                            .get(0)
                            .progress())
                    .isEqualTo(replayed ? end : death);
        }
        assertThat(failures).isGreaterThan(5);
        reopen();
        assertThat(recovered()).containsExactly(operation("b"));
    }

    @Test
    void aRequestIsRememberedIfItsChangesAreAcceptedAndNotIfNot() {
        IdempotencyKey key = new IdempotencyKey("site", MAIN, "k");
        List<Insertion> insertions =
                List.of((changes, request) -> store.accept(changes, request, accepted -> {}), store::stage);
        for (Insertion insertion : insertions) {
            boolean done = false;
            for (int nth = 1; !done; nth++) {
                String name = insertions.indexOf(insertion) + "/" + nth;
                AtomicInteger left = new AtomicInteger(nth);
                platform.fault(what -> failAt(left.decrementAndGet() == 0));
                Future<List<Change>> outcome =
                        insertion.of(List.of(tags(name)), new Remembered(key, name, operation(name), null, nth));
                settle(outcome);
                platform.noFault();
                done = outcome.succeeded();
                assertThat(Awaiting.success(store.operation(MAIN, operation(name))))
                        .hasSize(done ? 1 : 0);
                assertThat(Awaiting.success(store.remembered(key))
                                .map(Remembered::fingerprint)
                                .filter(name::equals)
                                .isPresent())
                        .isEqualTo(done);
            }
        }
    }

    private interface Insertion {
        Future<List<Change>> of(List<NewChange> changes, Remembered request);
    }

    @Test
    void whatIsLearnedWithAFailedRecordIsNotThere() {
        Learned learned =
                new Learned(List.of(new Alias("jane@example.com", "43", 1)), List.of(new Rename("42", "43", 1)));
        Awaiting.success(store.accept(List.of(tags("a"))));
        boolean done = false;
        for (int nth = 1; !done; nth++) {
            AtomicInteger left = new AtomicInteger(nth);
            platform.fault(what -> failAt(left.decrementAndGet() == 0));
            Future<Void> told = store.record(MAIN, List.of(), learned);
            settle(told);
            platform.noFault();
            done = told.succeeded();
            Recovered recovered = Awaiting.success(Recovered.of(store, MAIN));
            assertThat(recovered.aliases()).hasSize(done ? 1 : 0);
            assertThat(recovered.renames()).hasSize(done ? 1 : 0);
        }
    }

    @Test
    void aRefusedReplayTakesNothingOfItsGroupWithIt() {
        long dead = Awaiting.success(store.accept(List.of(tags("dead")))).get(0).seq();
        Awaiting.success(store.record(MAIN, List.of(Samples.dead(dead, 2000)), Learned.NOTHING));
        CountDownLatch asked = new CountDownLatch(1);
        Future<?> first = heldUntil(asked);
        Identity jane = new Identity(Set.of("42"), Set.of());
        Progress end = delivered(dead, 3000);
        Future<?> before = store.accept(List.of(tags("before")));
        Future<?> refused =
                store.replay(MAIN, new Replay(List.of(tags("b")), List.of(end), jane, dead), accepted -> {});
        Future<?> after = store.accept(List.of(tags("after")));
        asked.countDown();

        Awaiting.success(first);
        Awaiting.success(before);
        assertThat(Awaiting.failure(refused)).isInstanceOf(SupersededException.class);
        Awaiting.success(after);
        assertThat(recovered()).containsExactly(operation("first"), operation("before"), operation("after"));
    }

    @Test
    void forgettingThatFailsLeavesTheRestForTheNextTime() {
        List<NewChange> many =
                IntStream.range(0, 1201).mapToObj(i -> tags("o" + i)).toList();
        List<Change> changes = Awaiting.success(store.accept(many));
        Awaiting.success(store.record(
                MAIN,
                changes.stream().map(change -> delivered(change.seq(), 2000)).toList(),
                Learned.NOTHING));
        AtomicInteger commits = new AtomicInteger();
        platform.fault(what -> failAt(what.equals(FaultyPlatform.COMMIT) && commits.incrementAndGet() == 2));
        Awaiting.failure(store.forget(3000, 0));
        platform.noFault();

        assertThat(Awaiting.success(store.operation(MAIN, operation("o499")))).isEmpty();
        assertThat(Awaiting.success(store.operation(MAIN, operation("o500")))).hasSize(1);
        Awaiting.success(store.forget(3000, 0));
        assertThat(Awaiting.success(store.operation(MAIN, operation("o1200")))).isEmpty();
    }

    @Test
    void anErrorInTheWriterFailsWhoWaitsAndNobodyElse() {
        platform.fault(what -> {
            throw new OutOfMemoryError("injected");
        });
        List<Future<?>> waiting = List.of(
                store.accept(List.of(tags("a"))), store.probe(), store.record(MAIN, List.of(), Learned.NOTHING));
        waiting.forEach(Awaiting::failure);

        platform.noFault();
        Awaiting.success(store.accept(List.of(tags("b"))));
        assertThat(recovered()).containsExactly(operation("b"));
    }

    @Test
    void aDatabaseThatCannotBeReopenedFailsUntilItCan() {
        platform.fault(what -> failAt(true));
        Awaiting.failure(store.probe());
        Awaiting.failure(store.accept(List.of(tags("a"))));
        Awaiting.success(store.operation(MAIN, operation("a")));
        platform.noFault();
        Awaiting.success(store.probe());
    }

    @Test
    void acceptingStopsBeforeTheDiskIsFullAndSettlingGoesOn() {
        Change change = Awaiting.success(store.accept(List.of(tags("a")))).get(0);
        platform.bytesLeft(Disk.RESERVE - 1);
        assertThat(Awaiting.failure(store.accept(List.of(tags("b"))))).isInstanceOf(StoreFullException.class);
        Awaiting.success(store.record(MAIN, List.of(delivered(change.seq(), 2000)), Learned.NOTHING));
        assertThat(Awaiting.failure(store.probe())).isInstanceOf(StoreFullException.class);

        platform.bytesLeft(Disk.RESERVE);
        Awaiting.success(store.probe());
        Awaiting.success(store.accept(List.of(tags("c"))));
        assertThat(recovered()).containsExactly(operation("c"));
    }

    @Test
    void unsettledChangesAreCountedRightAfterFailures() {
        reopen(3);
        List<Change> changes = Awaiting.success(store.accept(List.of(tags("a"), tags("b"))));
        platform.fault(what -> failAt(what.equals(FaultyPlatform.COMMIT)));
        Awaiting.failure(store.accept(List.of(tags("c"))));
        Awaiting.failure(store.record(MAIN, List.of(delivered(changes.get(0).seq(), 2000)), Learned.NOTHING));
        platform.noFault();

        Awaiting.success(store.accept(List.of(tags("c"))));
        assertThat(Awaiting.failure(store.accept(List.of(tags("d"))))).isInstanceOf(StoreFullException.class);
    }

    private Future<?> heldUntil(CountDownLatch latch) {
        CountDownLatch committing = new CountDownLatch(1);
        platform.fault(what -> {
            if (what.equals(FaultyPlatform.COMMIT)) {
                committing.countDown();
                latch.await();
            }
        });
        Future<?> first = store.accept(List.of(tags("first")));
        try {
            committing.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        platform.noFault();
        return first;
    }

    private static void waitFor(AtomicInteger commits) {
        while (commits.get() == 0) {
            Thread.onSpinWait();
        }
    }

    private static void settle(Future<?> future) {
        Awaiting.success(future.otherwiseEmpty().map(ended -> true));
    }

    private static void failAt(boolean here) throws SQLException {
        if (here) {
            throw new SQLException("injected");
        }
    }

    private List<UUID> recovered() {
        return Awaiting.success(Recovered.of(store, MAIN)).unsettled().stream()
                .map(stored -> stored.change().accepted().operation())
                .toList();
    }

    private SqliteStore open() {
        return SqliteStore.open(StoreOptions.DEFAULTS.at(folder.resolve("crmux.db")), platform);
    }

    private void reopen() {
        Awaiting.success(store.close());
        store = open();
    }

    private void reopen(long maxChanges) {
        Awaiting.success(store.close());
        StoreOptions options =
                new StoreOptions(folder.resolve("crmux.db"), StoreOptions.DEFAULTS.maxBytes(), maxChanges);
        store = SqliteStore.open(options, platform);
    }
}
