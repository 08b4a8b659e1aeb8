package io.crmux.store;

import static io.crmux.store.Samples.MAIN;
import static io.crmux.store.Samples.delivered;
import static io.crmux.store.Samples.queued;
import static io.crmux.store.Samples.tags;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A store that is full refuses what is new, and goes on with what it has. */
class SqliteLimitsTest {

    private static final long SMALL = 1_000_000;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private SqliteStore store;

    @AfterEach
    void closeStore() {
        Awaiting.success(store.close());
    }

    @Test
    void aFullStoreRefusesSettlesAndThenAcceptsAgain() throws IOException {
        open(SMALL, 1_000_000);
        List<Change> accepted = fill();
        assertThat(accepted).hasSizeGreaterThan(1000);

        assertThat(Awaiting.success(Recovered.of(store, MAIN)).unsettled()).hasSameSizeAs(accepted);
        assertThat(Awaiting.failure(store.probe())).isInstanceOf(StoreFullException.class);
        settle(accepted);
        assertThat(Awaiting.success(Recovered.of(store, MAIN)).unsettled()).isEmpty();

        Awaiting.success(store.forget(2001, 0));
        Awaiting.success(store.probe());
        assertThat(fill()).hasSizeGreaterThan(accepted.size() / 2);
        assertThat(Files.size(folder.resolve("crmux.db"))).isLessThanOrEqualTo(SMALL);
    }

    @Test
    void notesOnWaitingChangesDoNotUseUpTheRoomThatSettlingNeeds() {
        open(SMALL, 1_000_000);
        List<Change> accepted = fill();
        boolean full = false;
        for (int round = 0; !full; round++) {
            String reason = "the CRM, which does not answer ".repeat(round + 1);
            for (Change change : accepted) {
                Future<Void> noted = store.record(MAIN, List.of(queued(change.seq(), round, reason)), Learned.NOTHING);
                full |= Awaiting.success(
                        noted.map(done -> false).recover(e -> Future.succeededFuture(e instanceof StoreFullException)));
            }
        }
        settle(accepted);
    }

    @Test
    void aRefusedChangeInAGroupRefusesNoOther() {
        open(SMALL, 1_000_000);
        List<Change> accepted = fill();
        List<Future<?>> settled = new ArrayList<>();
        NewChange big = Samples.with("big", new ChangeBody.Event("x".repeat(5000), new JsonObject()));
        List<Future<?>> refused = new ArrayList<>();
        for (Change change : accepted.subList(0, 100)) {
            refused.add(store.accept(List.of(big)));
            settled.add(store.record(MAIN, List.of(delivered(change.seq(), 2000)), Learned.NOTHING));
        }
        settled.forEach(Awaiting::success);
        refused.forEach(Awaiting::failure);
    }

    @Test
    void unsettledChangesAreLimitedInNumber() {
        open(StoreOptions.DEFAULTS.maxBytes(), 3);
        List<Change> two = Awaiting.success(store.accept(List.of(tags("a"), tags("b"))));
        assertThat(Awaiting.failure(store.accept(List.of(tags("c"), tags("d")))))
                .isInstanceOf(StoreFullException.class);
        Awaiting.success(store.accept(List.of(tags("c"))));
        assertThat(Awaiting.failure(store.accept(List.of(tags("d"))))).isInstanceOf(StoreFullException.class);

        Awaiting.success(store.close());
        open(StoreOptions.DEFAULTS.maxBytes(), 3);
        assertThat(Awaiting.failure(store.accept(List.of(tags("d"))))).isInstanceOf(StoreFullException.class);

        Progress settled = delivered(two.get(0).seq(), 2000);
        Awaiting.success(store.record(MAIN, List.of(settled, settled), Learned.NOTHING));
        Awaiting.success(store.record(MAIN, List.of(settled), Learned.NOTHING));
        Awaiting.success(store.accept(List.of(tags("d"))));
        assertThat(Awaiting.failure(store.accept(List.of(tags("e"))))).isInstanceOf(StoreFullException.class);
    }

    @Test
    void aFullStoreIsNotReadyAndSaysSoOnceAndOnceWhenItIsNotFullAnyMore() {
        open(StoreOptions.DEFAULTS.maxBytes(), 200);
        assertThat(store.isFull()).isFalse();
        List<Change> accepted = fill();
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(Fullness.class);
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.INFO);
        try {
            assertThat(store.isFull()).isTrue();
            assertThat(Awaiting.failure(store.probe())).isInstanceOf(StoreFullException.class);
            settle(accepted.subList(0, 2));
            assertThat(store.isFull()).isTrue();
            assertThat(Awaiting.failure(store.probe())).isInstanceOf(StoreFullException.class);
            Awaiting.success(store.accept(List.of(tags("a"), tags("b"))));
            assertThat(Awaiting.failure(store.accept(List.of(tags("c"))))).isInstanceOf(StoreFullException.class);
            assertThat(lines.list).isEmpty();

            settle(accepted.subList(2, 5));
            assertThat(store.isFull()).isFalse();
            Awaiting.success(store.probe());
            assertThat(lines.list).singleElement().asString().contains("accepted again");
            fill();
            fill();
            assertThat(lines.list).hasSize(2).last().asString().contains("no more changes are accepted");
        } finally {
            logger.setLevel(null);
            logger.detachAppender(lines);
        }
    }

    @Test
    void aStoreThatIsFullWhenItIsOpenedIsNotReady() {
        open(StoreOptions.DEFAULTS.maxBytes(), 200);
        fill();
        Awaiting.success(store.close());
        open(StoreOptions.DEFAULTS.maxBytes(), 200);
        assertThat(Awaiting.failure(store.probe())).isInstanceOf(StoreFullException.class);
        assertThat(store.isFull()).isTrue();
    }

    @Test
    void aMirrorThatDeliversNothingLeavesHalfOfTheStoreToOthers() {
        open(StoreOptions.DEFAULTS.maxBytes(), 10);
        List<Change> accepted = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            accepted.addAll(write("down"));
        }
        assertThat(accepted).hasSize(10);
        settle(of(MAIN, accepted));
        assertThat(of("down", write("down"))).isEmpty();
        assertThat(of("well", write("well"))).hasSize(1);

        Awaiting.success(store.close());
        open(StoreOptions.DEFAULTS.maxBytes(), 10);
        assertThat(of("down", write("down"))).isEmpty();
        Progress delivered = delivered(of("down", accepted).get(0).seq(), 2000);
        Awaiting.success(store.record("down", List.of(delivered, delivered), Learned.NOTHING));
        Awaiting.success(store.moveTo("down", "sandbox"));
        assertThat(of("down", write("down"))).isEmpty();
        Awaiting.success(store.record(
                "down", List.of(delivered(of("down", accepted).get(1).seq(), 2000)), Learned.NOTHING));
        assertThat(of("down", write("down"))).hasSize(1);
    }

    @Test
    void aMirrorThatDeliversNothingLeavesHalfOfTheBytesToOthers() {
        open(SMALL, 1_000_000);
        List<Change> waiting = new ArrayList<>();
        List<Change> some;
        do {
            some = write("down");
            settle(of(MAIN, some));
            Awaiting.success(store.forget(3000, 0));
            waiting.addAll(of("down", some));
        } while (some.size() > 1);
        assertThat(waiting).hasSizeGreaterThan(300);
        for (int i = 0; i < 300; i++) {
            assertThat(write("down")).hasSize(1);
        }
    }

    private List<Change> write(String mirror) {
        NewChange main = tags(MAIN, "a");
        return Awaiting.success(store.accept(List.of(
                main,
                new NewChange(
                        main.operation(),
                        mirror,
                        null,
                        "jane@example.com",
                        main.body(),
                        new Origin(MAIN, "42"),
                        1000))));
    }

    private static List<Change> of(String connection, List<Change> changes) {
        return changes.stream()
                .filter(change -> change.accepted().connection().equals(connection))
                .toList();
    }

    private void open(long maxBytes, long maxChanges) {
        store = SqliteStore.open(new StoreOptions(folder.resolve("crmux.db"), maxBytes, maxChanges));
    }

    private List<Change> fill() {
        List<Change> accepted = new ArrayList<>();
        while (true) {
            List<Future<List<Change>>> outcomes = IntStream.range(0, 100)
                    .mapToObj(i -> store.accept(List.of(tags("operation-" + i))))
                    .toList();
            boolean full = outcomes.stream().map(SqliteLimitsTest::refused).reduce(false, Boolean::logicalOr);
            outcomes.stream().filter(Future::succeeded).forEach(outcome -> accepted.addAll(outcome.result()));
            if (full) {
                return accepted;
            }
        }
    }

    private void settle(List<Change> changes) {
        all(changes, change -> delivered(change.seq(), 2000)).forEach(Awaiting::success);
    }

    private List<Future<Void>> all(List<Change> changes, Function<Change, Progress> progress) {
        return changes.stream()
                .map(change -> store.record(MAIN, List.of(progress.apply(change)), Learned.NOTHING))
                .toList();
    }

    /** Whether the store was full. Nothing else may have gone wrong. */
    private static boolean refused(Future<?> outcome) {
        return Awaiting.success(outcome.map(done -> false)
                .recover(failure -> failure instanceof StoreFullException
                        ? Future.succeededFuture(true)
                        : Future.failedFuture(failure)));
    }
}
