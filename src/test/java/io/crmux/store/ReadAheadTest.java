package io.crmux.store;

import static io.crmux.store.Samples.MAIN;
import static io.crmux.store.Samples.OTHER;
import static io.crmux.store.Samples.tags;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read before anybody asks for it is told like what is read when it is asked for. */
class ReadAheadTest {

    private static final List<StoredChange> CHANGES =
            IntStream.range(0, 3).mapToObj(ReadAheadTest::change).toList();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void whatIsReadAheadIsToldOnceAndInOrder() {
        SqliteStore store = SqliteStore.open(StoreOptions.DEFAULTS.at(folder.resolve("crmux.db")));
        Awaiting.success(store.accept(
                IntStream.range(0, 2_500).mapToObj(i -> tags("change " + i)).toList()));
        Recovered expected = Awaiting.success(Recovered.of(store, MAIN));

        store.readAhead(MAIN);
        store.readAhead(OTHER);
        Recovered ahead = Awaiting.success(Recovered.of(store, MAIN));

        assertThat(ahead).isEqualTo(expected);
        assertThat(ahead.unsettled()).hasSize(2_500);
        assertThat(Awaiting.success(Recovered.of(store, OTHER)).unsettled()).isEmpty();
        assertThat(Awaiting.success(Recovered.of(store, MAIN))).isEqualTo(expected);
        Awaiting.success(store.close());
    }

    @Test
    void itIsToldByTheStoresThread() {
        SqliteStore store = SqliteStore.open(StoreOptions.DEFAULTS.at(folder.resolve("crmux.db")));
        Awaiting.success(store.accept(
                IntStream.range(0, 2_500).mapToObj(i -> tags("change " + i)).toList()));
        store.readAhead(MAIN);
        Awaiting.success(store.deadLetters(MAIN));
        Set<Thread> telling = Collections.synchronizedSet(new HashSet<>());
        Awaiting.success(store.recover(MAIN, new Recovery() {
            @Override
            public void known(List<Alias> aliases, List<Rename> renames) {
                telling.add(Thread.currentThread());
            }

            @Override
            public void unsettled(StoredChanges part) {
                telling.add(Thread.currentThread());
            }
        }));
        assertThat(telling).hasSize(1).doesNotContain(Thread.currentThread());
        Awaiting.success(store.close());
    }

    @Test
    void othersReadBetweenTheParts() {
        SqliteStore store = SqliteStore.open(StoreOptions.DEFAULTS.at(folder.resolve("crmux.db")));
        Awaiting.success(store.accept(
                IntStream.range(0, 2_500).mapToObj(i -> tags("change " + i)).toList()));
        List<String> ended = Collections.synchronizedList(new ArrayList<>());
        Awaiting.success(store.recover(MAIN, new Recovery() {
            @Override
            public void known(List<Alias> aliases, List<Rename> renames) {}

            /** The reader is here until the other read has reached it, which is when what was asked for after that has ended. */
            @Override
            public void unsettled(StoredChanges part) {
                if (ended.isEmpty()) {
                    ended.add("first part");
                    store.deadLetters(OTHER).onSuccess(dead -> ended.add("other"));
                    Awaiting.success(store.probe());
                } else {
                    ended.add("part");
                }
            }
        }));
        assertThat(ended).containsExactly("first part", "other", "part", "part");
        Awaiting.success(store.close());
    }

    @Test
    void whoeverIsToldAndThrowsHasNotRecovered() {
        SqliteStore store = SqliteStore.open(StoreOptions.DEFAULTS.at(folder.resolve("crmux.db")));
        Awaiting.success(store.accept(List.of(tags("a change"))));
        Future<Void> recovered = store.recover(MAIN, new Recovery() {
            @Override
            public void known(List<Alias> aliases, List<Rename> renames) {}

            @Override
            public void unsettled(StoredChanges part) {
                throw new IllegalStateException("scripted");
            }
        });
        assertThat(Awaiting.failure(recovered)).hasRootCauseMessage("scripted");
        Awaiting.success(store.close());
    }

    @Test
    void whatComesWhileItIsAskedForFollowsWhatHadCome() {
        ReadAhead ahead = new ReadAhead();
        List<Object> told = new ArrayList<>();
        ahead.known(List.of(), List.of(new Rename("1", "2", 3)));
        ahead.unsettled(new ListedChanges(CHANGES.subList(0, 1)));
        ahead.tell(new Recovery() {
            @Override
            public void known(List<Alias> aliases, List<Rename> renames) {
                told.addAll(renames);
            }

            @Override
            public void unsettled(StoredChanges part) {
                IntStream.range(0, part.size()).mapToObj(part::get).forEach(told::add);
            }
        });
        ahead.unsettled(new ListedChanges(CHANGES.subList(1, 3)));
        assertThat(told).containsExactly(new Rename("1", "2", 3), CHANGES.get(0), CHANGES.get(1), CHANGES.get(2));
    }

    @Test
    void aFailureOfTheReadingIsAFailureOfTheRecovery() {
        SqliteStore store = SqliteStore.open(StoreOptions.DEFAULTS.at(folder.resolve("crmux.db")));
        Awaiting.success(store.close());
        store.readAhead(MAIN);
        assertThatThrownBy(() -> Recovered.of(store, MAIN).await()).isInstanceOf(StoreException.class);
    }

    private static StoredChange change(int seq) {
        NewChange accepted = tags("change " + seq);
        return new StoredChange(
                new Change(seq, accepted),
                new Progress(seq, ChangeState.QUEUED, 0, accepted.accepted(), null, null, false));
    }
}
