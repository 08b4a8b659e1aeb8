package io.crmux.store;

import static io.crmux.store.Samples.MAIN;
import static io.crmux.store.Samples.tags;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a store does to the file system, and which files it refuses. */
class SqliteOpeningTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path file;

    @BeforeEach
    void placeFile() {
        file = folder.resolve("data").resolve("crmux.db");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void whatIsCreatedIsForTheOwnerOnly() throws IOException {
        SqliteStore store = open(file);
        Awaiting.success(store.probe());

        assertThat(permissions(folder.resolve("data"))).isEqualTo("rwx------");
        try (var files = Files.list(folder.resolve("data"))) {
            assertThat(files.toList())
                    .hasSizeGreaterThan(2)
                    .allSatisfy(each -> assertThat(permissions(each)).isEqualTo("rw-------"));
        }
        Awaiting.success(store.close());
    }

    @Test
    void aCommitIsSyncedToAWriteAheadLog() {
        AtomicReference<Connection> writer = new AtomicReference<>();
        SqliteStore store = SqliteStore.open(StoreOptions.DEFAULTS.at(file), (path, readOnly) -> {
            Connection connection = Platform.SQLITE.open(path, readOnly);
            if (!readOnly) {
                writer.set(connection);
            }
            return connection;
        });
        assertThat(ask(java.util.Objects.requireNonNull(writer.get()), "PRAGMA journal_mode"))
                .isEqualTo("wal");
        assertThat(ask(java.util.Objects.requireNonNull(writer.get()), "PRAGMA wal_autocheckpoint"))
                .isEqualTo(Integer.toString(Schema.PAGES_BETWEEN_CHECKPOINTS));
        assertThat(ask(java.util.Objects.requireNonNull(writer.get()), "PRAGMA synchronous"))
                .isEqualTo("2");
        assertThat(ask(java.util.Objects.requireNonNull(writer.get()), "PRAGMA user_version"))
                .isEqualTo(Integer.toString(Schema.VERSION));
        Awaiting.success(store.close());
    }

    @Test
    void readingCannotWrite() throws SQLException, IOException {
        Awaiting.success(open(file).close());
        try (Connection reader = Platform.SQLITE.open(file, true);
                Statement statement = reader.createStatement()) {
            assertThatThrownBy(() -> statement.execute("DELETE FROM changes")).hasMessageContaining("readonly");
        }
    }

    @Test
    void closingLeavesOneFileAndTheLocksName() throws IOException {
        SqliteStore store = open(file);
        Awaiting.success(store.accept(List.of(tags("a"))));
        Awaiting.success(store.close());
        try (var files = Files.list(folder.resolve("data"))) {
            assertThat(files.map(each -> String.valueOf(each.getFileName())))
                    .containsExactlyInAnyOrder("crmux.db", "crmux.db.lock");
        }
    }

    @Test
    void aLaterFormatIsRefusedAndLeftAlone() throws SQLException {
        Awaiting.success(open(file).close());
        execute("PRAGMA user_version = " + (Schema.VERSION + 1));

        assertThatThrownBy(() -> open(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("format " + (Schema.VERSION + 1))
                .hasMessageContaining("up to " + Schema.VERSION);
        assertThatThrownBy(() -> open(file)).hasMessageContaining("format");

        execute("PRAGMA user_version = " + Schema.VERSION);
        Awaiting.success(open(file).close());
    }

    @Test
    void anotherProgramsDatabaseIsRefusedAndLeftAlone() throws SQLException, IOException {
        Files.createDirectories(folder.resolve("data"));
        execute("CREATE TABLE theirs (id INTEGER)");

        assertThatThrownBy(() -> open(file)).isInstanceOf(StoreException.class).hasMessageContaining("not a store");
        try (Connection connection = Platform.SQLITE.open(file, false)) {
            assertThat(ask(connection, "PRAGMA journal_mode")).isEqualTo("delete");
        }
    }

    @Test
    void whatIsNoDatabaseIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(file, "not a database at all, but a text of some length".repeat(100));
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be opened");
    }

    @Test
    void aFolderThatCannotBeCreatedIsSaid() throws IOException {
        Files.writeString(folder.resolve("data"), "a file in the way");
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be opened");
    }

    @Test
    void aStoreIsOpenOnceInAProcess() {
        SqliteStore store = open(file);
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(StoreLockedException.class)
                .hasMessageContaining("in use");
        assertThatThrownBy(() -> open(folder.resolve("data/../data/crmux.db")))
                .isInstanceOf(StoreLockedException.class);
        Awaiting.success(store.close());
        Awaiting.success(open(file).close());
    }

    @Test
    void aStoreIsOpenInOneProcessUntilThatIsKilled() throws IOException {
        try (ChildProcess holder = ChildProcess.of(LockHolder.class, file)) {
            assertThat(holder.line()).startsWith("open");
            assertThatThrownBy(() -> open(file)).isInstanceOf(StoreLockedException.class);
            assertThatThrownBy(() -> open(file)).isInstanceOf(StoreLockedException.class);
            holder.kill();
        }
        assertThat(file.resolveSibling("crmux.db.lock")).exists();
        SqliteStore store = open(file);
        assertThat(Awaiting.success(Recovered.of(store, MAIN)).unsettled()).isEmpty();
        Awaiting.success(store.close());
    }

    @Test
    void aFailedSecondOpeningLeavesTheLockWithTheFirst() throws IOException {
        SqliteStore store = open(file);
        assertThatThrownBy(() -> open(file)).isInstanceOf(StoreLockedException.class);
        try (ChildProcess other = ChildProcess.of(LockHolder.class, file)) {
            assertThatThrownBy(other::line).hasMessageContaining("ended");
        }
        Awaiting.success(store.close());
    }

    private static SqliteStore open(Path path) {
        return SqliteStore.open(StoreOptions.DEFAULTS.at(path));
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = Platform.SQLITE.open(file, false);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(Connection connection, String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.getString(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static String permissions(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void nothingIsLeftAmongTheTemporaryFilesEvenWhileItIsOpen() throws IOException {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        try (ChildProcess holder = ChildProcess.of(LockHolder.class, folder.resolve("crmux.db"), temporary)) {
            assertThat(holder.line()).isEqualTo("open SqliteStore");
            assertThat(temporary).isEmptyDirectory();
        }
    }
}
