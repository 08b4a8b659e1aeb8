package io.crmux.store;

import static io.crmux.store.Samples.MAIN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left when a process or a disk stops in the middle. */
class SqliteCrashTest {

    private static final int KILLS = Integer.getInteger("kills", 5);
    private static final int CUTS = Integer.getInteger("cuts", 60);
    private static final int CALLS = 24;
    private static final int PAGE = 4096;
    private static final int LOG_HEADER = 32;
    private static final int FRAME = 24 + PAGE;
    private static final long SEED = Long.getLong("seed", System.nanoTime());

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void whatWasAcknowledgedIsThereAfterKills() throws IOException {
        Random random = new Random(SEED);
        Path file = folder.resolve("crmux.db");
        List<String> acknowledged = new ArrayList<>();
        for (int kill = 1; kill <= KILLS; kill++) {
            acknowledged.addAll(killedAfter(100 + random.nextInt(2000), file));
            SqliteStore store = SqliteStore.open(StoreOptions.DEFAULTS.at(file));
            assertThat(acknowledged)
                    .as("seed %d, kill %d", SEED, kill)
                    .allSatisfy(line -> assertKept(store, operation(line), numbers(line)));
            assertWhole(store, "seed " + SEED + ", kill " + kill);
            Awaiting.success(store.close());
        }
    }

    private static void assertKept(SqliteStore store, UUID operation, List<Long> numbers) {
        List<StoredChange> stored = Awaiting.success(store.operation(MAIN, operation));
        assertThat(stored).extracting(change -> change.change().seq()).isEqualTo(numbers);
        if (numbers.size() == 3) {
            assertThat(Awaiting.success(store.remembered(Acknowledger.key(operation)))
                            .map(Remembered::operation))
                    .contains(operation);
            boolean replayed = !Awaiting.success(store.operation(MAIN, Acknowledger.replayOf(operation)))
                    .isEmpty();
            assertThat(stored.get(0).progress().state() == ChangeState.DISCARDED)
                    .isEqualTo(replayed);
        }
    }

    /** Also of what was not acknowledged: three changes are there, or the two that are left of them when one has died, and its replay or not. */
    private static void assertWhole(SqliteStore store, String when) {
        Map<String, List<String>> operations = new HashMap<>();
        for (StoredChange stored : Awaiting.success(Recovered.of(store, MAIN)).unsettled()) {
            NewChange change = stored.change().accepted();
            operations
                    .computeIfAbsent(String.valueOf(change.contactId()), first -> new ArrayList<>())
                    .add(change.operation().toString());
        }
        assertThat(operations).as(when).allSatisfy((contact, unsettled) -> {
            String replay = Acknowledger.replayOf(UUID.fromString(contact)).toString();
            assertThat(unsettled)
                    .isIn(
                            List.of(contact, contact, contact),
                            List.of(contact, contact),
                            List.of(contact, contact, replay));
        });
    }

    @Test
    void aLogThatIsCutAnywhereHoldsWhatWasSyncedBeforeTheCut() throws IOException {
        Random random = new Random(SEED);
        Path original = folder.resolve("original").resolve("crmux.db");
        SqliteStore store = SqliteStore.open(StoreOptions.DEFAULTS.at(original));
        List<Long> logSizes = accept(store, original, random);
        byte[] database = Files.readAllBytes(original);
        byte[] log = Files.readAllBytes(log(original));
        Awaiting.success(store.close());
        assertThat(logSizes).as("the log was not begun anew").isSorted();

        Set<Integer> cuts = new TreeSet<>(List.of(0, 1, LOG_HEADER - 1, log.length));
        for (int frame = LOG_HEADER; frame < log.length; frame += FRAME) {
            cuts.addAll(List.of(frame, frame + FRAME / 2));
        }
        random.ints(CUTS, 0, log.length).forEach(cuts::add);
        Path copy = Files.createDirectory(folder.resolve("cut")).resolve("crmux.db");
        for (int cut : cuts) {
            Files.write(copy, database);
            Files.write(log(copy), Arrays.copyOf(log, cut));
            assertCut(copy, logSizes.stream().filter(size -> size <= cut).count(), cut);
        }
    }

    @Test
    void aCheckpointThatStopsAnywhereLosesNothing() throws IOException {
        Random random = new Random(SEED);
        Path original = folder.resolve("original").resolve("crmux.db");
        SqliteStore store = SqliteStore.open(StoreOptions.DEFAULTS.at(original));
        int calls = accept(store, original, random).size();
        byte[] before = Files.readAllBytes(original);
        byte[] log = Files.readAllBytes(log(original));
        Awaiting.success(store.close());
        byte[] after = Files.readAllBytes(original);
        assertThat(after).as("closing has moved the log into the database").hasSizeGreaterThan(before.length);

        Path copy = Files.createDirectory(folder.resolve("cut")).resolve("crmux.db");
        for (int written = 0; written <= after.length; written += PAGE / 2) {
            byte[] database = Arrays.copyOf(before, Math.max(before.length, written));
            System.arraycopy(after, 0, database, 0, written);
            Files.write(copy, database);
            Files.write(log(copy), log);
            assertCut(copy, calls, written);
        }
    }

    /** Accepts calls one after the other. @return how long the log was after each */
    private static List<Long> accept(SqliteStore store, Path file, Random random) throws IOException {
        List<Long> logSizes = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            int changes = i % 3 + 1;
            NewChange change = new NewChange(
                    Samples.operation("o" + i), MAIN, call(i, changes, random), null, new ChangeBody.Delete(), 1000);
            Awaiting.success(store.accept(Collections.nCopies(changes, change)));
            logSizes.add(Files.size(log(file)));
        }
        return logSizes;
    }

    private static void assertCut(Path copy, long synced, int cut) {
        Map<String, List<Long>> stored = numbersByContact(copy);
        assertThat(stored).as("calls, seed %d, cut at %d", SEED, cut).hasSize((int) synced);
        assertThat(stored)
                .as("calls are whole, seed %d, cut at %d", SEED, cut)
                .allSatisfy((call, numbers) -> assertThat(call).contains(" of " + numbers.size() + " "));
    }

    private static String call(int number, int changes, Random random) {
        return "call " + number + " of " + changes + " changes" + "!".repeat(random.nextInt(3000));
    }

    private static Path log(Path database) {
        return database.resolveSibling(database.getFileName() + "-wal");
    }

    private static List<String> killedAfter(int lines, Path file) throws IOException {
        List<String> read = new ArrayList<>();
        try (ChildProcess child = ChildProcess.of(Acknowledger.class, file)) {
            for (int i = 0; i < lines; i++) {
                read.add(child.line());
            }
            read.addAll(child.kill());
        }
        return read;
    }

    private static Map<String, List<Long>> numbersByContact(Path file) {
        SqliteStore store = SqliteStore.open(StoreOptions.DEFAULTS.at(file));
        Map<String, List<Long>> numbers = new HashMap<>();
        for (StoredChange stored : Awaiting.success(Recovered.of(store, MAIN)).unsettled()) {
            numbers.computeIfAbsent(String.valueOf(stored.change().accepted().contactId()), first -> new ArrayList<>())
                    .add(stored.change().seq());
        }
        Awaiting.success(store.close());
        return numbers;
    }

    private static UUID operation(String line) {
        return UUID.fromString(line.substring(0, line.indexOf(' ')));
    }

    private static List<Long> numbers(String line) {
        return Arrays.stream(line.split(" ", -1)).skip(1).map(Long::valueOf).toList();
    }
}
