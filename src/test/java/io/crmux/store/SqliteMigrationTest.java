package io.crmux.store;

import static io.crmux.store.Samples.MAIN;
import static io.crmux.store.Samples.OTHER;
import static io.crmux.store.Samples.operation;
import static io.crmux.store.Samples.tags;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.crm.Tag;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of the first format is brought forward when it is opened, with everything in it. */
class SqliteMigrationTest {

    private static final List<ChangeState> STATES = List.of(
            ChangeState.QUEUED,
            ChangeState.ACCEPTED,
            ChangeState.DELIVERED,
            ChangeState.DELIVERED,
            ChangeState.DEAD,
            ChangeState.DISCARDED);
    private static final List<Boolean> SETTLED = List.of(false, false, false, true, true, true);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path file;

    @BeforeEach
    void aFileOfTheFirstFormat() throws SQLException {
        file = folder.resolve("crmux.db");
        try (Connection connection = Platform.SQLITE.open(file, false);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            for (String sql : Schema.STEPS.get(0)) {
                statement.execute(sql);
            }
            statement.execute("PRAGMA application_id = " + 0x63726d78);
            statement.execute("PRAGMA user_version = 1");
            statement.execute("INSERT INTO connections (id, name) VALUES (1, 'main'), (2, 'other')");
            statement.execute(
                    "INSERT INTO aliases (connection, email, contact, learned) VALUES (1, 'jane@example.com', '42', 7)");
            statement.execute(
                    "INSERT INTO tag_lists (connection, tags, loaded) VALUES (1, '[[\"1\",\"vip\",null,true]]', 9)");
            for (int i = 0; i < STATES.size(); i++) {
                insert(connection, i);
            }
        }
    }

    @Test
    void everythingIsThereInTheNewFormat() {
        SqliteStore store = open(Platform.SQLITE);
        for (int i = 0; i < STATES.size(); i++) {
            assertThat(Awaiting.success(store.operation(MAIN, operation("o" + i))))
                    .containsExactly(stored(i));
        }
        Recovered recovered = Awaiting.success(Recovered.of(store, MAIN));
        assertThat(recovered.unsettled()).containsExactly(stored(0), stored(1), stored(2));
        assertThat(recovered.aliases()).containsExactly(new Alias("jane@example.com", "42", 7));
        assertThat(recovered.renames()).isEmpty();
        assertThat(Awaiting.success(store.list(MAIN, ChangeState.DEAD, null, 0, 10)))
                .containsExactly(stored(4));
        assertThat(Awaiting.success(store.tagList(MAIN)))
                .contains(new TagList(List.of(new Tag("1", "vip", null, true)), 9));
        assertThat(Awaiting.success(Recovered.of(store, OTHER)).unsettled()).isEmpty();
        Awaiting.success(store.close());
    }

    @Test
    void itGoesOnFromThere() {
        SqliteStore store = open(Platform.SQLITE);
        Change change = Awaiting.success(store.accept(List.of(tags("new")))).get(0);
        assertThat(change.seq()).isEqualTo(STATES.size() + 1);
        JsonObject result = new JsonObject().put("id", "42");
        Awaiting.success(store.record(
                MAIN,
                List.of(new Progress(1, ChangeState.DELIVERED, 1, 50, null, null, result, true)),
                new Learned(List.of(), List.of(new Rename("42", "43", 1)))));
        Awaiting.success(store.close());

        SqliteStore again = open(Platform.SQLITE);
        assertThat(Awaiting.success(again.operation(MAIN, operation("o0")))
                        .get(0)
                        .progress()
                        .result())
                .isEqualTo(result);
        assertThat(Awaiting.success(Recovered.of(again, MAIN)).renames()).hasSize(1);
        Awaiting.success(again.forget(1000, 0));
        assertThat(Awaiting.success(again.operation(MAIN, operation("o3")))).isEmpty();
        assertThat(Awaiting.success(again.operation(MAIN, operation("o4")))).hasSize(1);
        assertThat(Awaiting.success(again.operation(MAIN, operation("o5"))))
                .as("it follows a dead one of the same contact")
                .hasSize(1);
        Awaiting.success(again.close());
    }

    @Test
    void anOpeningThatFailsAnywhereLeavesTheFileInOneFormatOrTheOther() throws SQLException {
        FaultyPlatform platform = new FaultyPlatform();
        int failures = 0;
        boolean opened = false;
        for (int nth = 1; !opened; nth++) {
            AtomicInteger left = new AtomicInteger(nth);
            platform.fault(what -> {
                if (left.decrementAndGet() == 0) {
                    throw new SQLException("injected");
                }
            });
            try {
                Awaiting.success(open(platform).close());
                opened = true;
            } catch (StoreException failed) {
                assertThat(failed).hasMessageContaining("cannot be opened");
                boolean old = ask("PRAGMA user_version").equals("1");
                failures += old ? 1 : 0;
                assertThat(ask("SELECT count(*) FROM changes")).isEqualTo(Integer.toString(STATES.size()));
                assertThat(ask("SELECT count(*) FROM sqlite_schema WHERE name IN ('renames', 'changes_dead_contact')"))
                        .isEqualTo(old ? "0" : "2");
            }
        }
        assertThat(failures).isGreaterThan(Schema.STEPS.get(1).size());
        everythingIsThereInTheNewFormat();
    }

    @Test
    void aFormatThatIsNeverMadeHereIsRefused() throws SQLException {
        try (Connection connection = Platform.SQLITE.open(file, false);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = " + (Schema.VERSION + 1));
        }
        assertThatThrownBy(() -> open(Platform.SQLITE)).hasMessageContaining("format " + (Schema.VERSION + 1));
    }

    private static void insert(Connection connection, int i) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO changes (connection, operation, contact, email, email_key, body, accepted, state, attempts, at, waiting_for,
                  problem, settled)
                VALUES (1, ?, '42', 'Jane@example.com', 'jane@example.com', '[1,"tags",["vip"],[]]', ?, ?, ?, ?, ?, ?, ?)""")) {
            StoredChange stored = stored(i);
            Progress progress = stored.progress();
            insert.setBytes(1, Operations.bytes(stored.change().accepted().operation()));
            insert.setLong(2, stored.change().accepted().accepted());
            insert.setInt(3, States.number(progress.state()));
            insert.setInt(4, progress.attempts());
            insert.setLong(5, progress.at());
            insert.setString(6, progress.waitingFor());
            insert.setString(7, encoded(progress.problem()));
            insert.setInt(8, progress.settled() ? 1 : 0);
            insert.executeUpdate();
        }
    }

    private static @Nullable String encoded(@Nullable JsonObject json) {
        return json == null ? null : json.encode();
    }

    private static StoredChange stored(int i) {
        ChangeState state = STATES.get(i);
        NewChange change = new NewChange(
                operation("o" + i),
                MAIN,
                "42",
                "Jane@example.com",
                new ChangeBody.Tags(List.of("vip"), List.of()),
                10 + i);
        Progress progress = new Progress(
                i + 1,
                state,
                i,
                20 + i,
                state == ChangeState.QUEUED ? "its turn" : null,
                state == ChangeState.DEAD ? new JsonObject().put("type", "invalid") : null,
                SETTLED.get(i));
        return new StoredChange(new Change(i + 1, change), progress);
    }

    private SqliteStore open(Platform platform) {
        return SqliteStore.open(StoreOptions.DEFAULTS.at(file), platform);
    }

    private String ask(String sql) throws SQLException {
        try (Connection connection = Platform.SQLITE.open(file, true);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.getString(1);
        }
    }
}
