package io.crmux.store;

import static io.crmux.store.Samples.MAIN;
import static io.crmux.store.Samples.OTHER;
import static io.crmux.store.Samples.dead;
import static io.crmux.store.Samples.delivered;
import static io.crmux.store.Samples.tags;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A look into a store's file harms nobody, and says what it cannot read. */
class StoreViewTest {

    private static final ViewFilter ALL = new ViewFilter(null, null, null);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path file;

    @BeforeEach
    void placeFile() {
        file = folder.resolve("a store?").resolve("crmux #1 ü.db");
    }

    @Test
    void besideARunningStoreItSeesWhatIsCommittedAndHoldsNobodyUp() {
        SqliteStore store = open();
        List<Change> changes = Awaiting.success(store.accept(List.of(tags("a"), tags(OTHER, "b"), tags("c"))));
        try (StoreView view = StoreView.open(file)) {
            assertThat(view.page(ALL, 0)).extracting(StoredChange::change).isEqualTo(changes);
            Change later = Awaiting.success(store.accept(List.of(tags("d")))).get(0);
            assertThat(view.page(ALL, changes.get(2).seq()))
                    .extracting(StoredChange::change)
                    .containsExactly(later);
            assertThat(view.logBytes()).isPositive();
        }
        Awaiting.success(store.accept(List.of(tags("e"))));
        Awaiting.success(store.close());
        assertThat(file.resolveSibling(file.getFileName() + "-wal")).doesNotExist();
    }

    @Test
    void withoutAServerNothingIsWritten() throws IOException {
        SqliteStore store = open();
        Awaiting.success(store.accept(List.of(tags("a"))));
        Awaiting.success(store.close());
        TreeMap<String, Long> before = files();
        try (StoreView view = StoreView.open(file)) {
            assertThat(view.page(ALL, 0)).hasSize(1);
            assertThat(view.summaries()).hasSize(1);
            assertThat(files()).isEqualTo(before);
            Awaiting.success(open().close());
        }
        assertThat(files().keySet()).isEqualTo(before.keySet());
    }

    @Test
    void aServerThatOpensTheStoreMeanwhileIsNoticed() throws IOException {
        Awaiting.success(open().close());
        try (StoreView view = StoreView.open(file)) {
            SqliteStore store = open();
            assertThatThrownBy(() -> view.page(ALL, 0)).hasMessageContaining("meanwhile");
            assertThatThrownBy(view::summaries).hasMessageContaining("meanwhile");
            Awaiting.success(store.close());
        }
    }

    @Test
    void whatIsStoredIsSummedUpPerConnection() {
        SqliteStore store = open();
        List<Change> changes = Awaiting.success(store.accept(List.of(tags("a"), tags("b"), tags("c"), tags("d"))));
        Awaiting.success(store.stage(List.of(tags(OTHER, "e")), null));
        Awaiting.success(store.record(
                MAIN,
                List.of(
                        delivered(changes.get(0).seq(), 2000),
                        dead(changes.get(1).seq(), 2000)),
                Learned.NOTHING));
        Awaiting.success(store.record("idle", List.of(), Learned.NOTHING));
        try (StoreView view = StoreView.open(file)) {
            List<ConnectionSummary> summaries = view.summaries();
            assertThat(summaries).extracting(ConnectionSummary::name).containsExactly("idle", MAIN, OTHER);
            ConnectionSummary main = summaries.get(1);
            assertThat(main.changes(ChangeState.QUEUED)).isEqualTo(2);
            assertThat(main.changes(ChangeState.DELIVERED)).isEqualTo(1);
            assertThat(main.problems()).containsOnlyKeys("invalid").containsValue(1L);
            assertThat(main.oldestWaiting()).isEqualTo(1000);
            assertThat(summaries.get(2).changes(ChangeState.STAGED)).isEqualTo(1);
            assertThat(summaries.get(2).oldestWaiting()).isNull();
            assertThat(summaries.get(0).changes(ChangeState.QUEUED)).isZero();
        }
        Awaiting.success(store.close());
    }

    @Test
    void changesArePickedOutByConnectionStateAndContact() {
        SqliteStore store = open();
        List<Change> changes = Awaiting.success(store.accept(
                List.of(tags("a"), tags(OTHER, "b"), Samples.with("c", new ChangeBody.Delete()), tags("d"))));
        Awaiting.success(store.record(MAIN, List.of(dead(changes.get(3).seq(), 2000)), Learned.NOTHING));
        Identity byId = new Identity(Set.of("42"), Set.of());
        Identity byAddress = new Identity(Set.of(), Set.of("jane@example.com"));
        try (StoreView view = StoreView.open(file)) {
            assertThat(picked(view, new ViewFilter(OTHER, null, null))).containsExactly(changes.get(1));
            assertThat(picked(view, new ViewFilter(null, ChangeState.DEAD, null)))
                    .containsExactly(changes.get(3));
            assertThat(picked(view, new ViewFilter(MAIN, ChangeState.QUEUED, byId)))
                    .containsExactly(changes.get(0));
            assertThat(picked(view, new ViewFilter(null, null, byAddress))).isEqualTo(changes);
            assertThat(picked(view, new ViewFilter("never", null, null))).isEmpty();
        }
        Awaiting.success(store.close());
    }

    @Test
    void pagesAreReadToTheEnd() {
        SqliteStore store = open();
        List<NewChange> many =
                IntStream.range(0, 1201).mapToObj(i -> tags("o" + i)).toList();
        List<Change> changes = Awaiting.success(store.accept(many));
        try (StoreView view = StoreView.open(file)) {
            assertThat(picked(view, ALL)).isEqualTo(changes);
        }
        Awaiting.success(store.close());
    }

    @Test
    void anotherFormatIsRefusedWithTheReason() throws SQLException {
        Awaiting.success(open().close());
        execute("PRAGMA user_version = 1");
        assertThatThrownBy(() -> StoreView.open(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("format 1")
                .hasMessageContaining("the server brings it forward");
        execute("PRAGMA user_version = " + (Schema.VERSION + 1));
        assertThatThrownBy(() -> StoreView.open(file)).hasMessageContaining("written by a later crmux");
    }

    @Test
    void whatIsNoStoreIsRefusedAndNotCreated() throws IOException, SQLException {
        assertThatThrownBy(() -> StoreView.open(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("there is no store at");
        assertThat(file.getParent()).doesNotExist();

        Files.createDirectories(file.getParent());
        Files.createFile(file);
        assertThatThrownBy(() -> StoreView.open(file)).hasMessageContaining("not a store");
        Files.writeString(file, "not a database at all, but a text of some length".repeat(100));
        assertThatThrownBy(() -> StoreView.open(file)).hasMessageContaining("cannot be read");
        Files.delete(file);
        execute("CREATE TABLE theirs (id INTEGER)");
        assertThatThrownBy(() -> StoreView.open(file)).hasMessageContaining("not a store");
    }

    private static List<Change> picked(StoreView view, ViewFilter filter) {
        List<Change> all = new ArrayList<>();
        List<StoredChange> page = view.page(filter, 0);
        while (!page.isEmpty()) {
            page.forEach(stored -> all.add(stored.change()));
            page = view.page(filter, all.get(all.size() - 1).seq());
        }
        return all;
    }

    private SqliteStore open() {
        return SqliteStore.open(StoreOptions.DEFAULTS.at(file));
    }

    private TreeMap<String, Long> files() throws IOException {
        TreeMap<String, Long> times = new TreeMap<>();
        try (var files = Files.list(file.getParent())) {
            for (Path each : files.toList()) {
                times.put(
                        each.getFileName().toString(),
                        Files.getLastModifiedTime(each).toMillis());
            }
        }
        return times;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = Platform.SQLITE.open(file, false);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
