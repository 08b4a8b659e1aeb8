package io.crmux.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.crmux.config.Config;
import io.crmux.config.ConfigException;
import io.crmux.config.ConfigReader;
import io.crmux.connector.Sandbox;
import io.crmux.store.ChangeBody;
import io.crmux.store.NewChange;
import io.crmux.store.SqliteStore;
import io.crmux.store.StoreException;
import io.crmux.store.StoreOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Starts that end early: they leave nothing open, and say why. */
class FailedStartTest {

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @TempDir
    Path folder = Path.of("");

    @BeforeEach
    void watchTheLog() {
        logged.start();
        root.addAppender(logged);
    }

    @AfterEach
    void watchItNoMore() {
        root.detachAppender(logged);
    }

    private SqliteStore openStore() {
        return SqliteStore.open(StoreOptions.DEFAULTS.at(folder.resolve("crmux.db")));
    }

    private Config aConnectionThatWasAnotherCrm() throws IOException, ConfigException {
        SqliteStore store = openStore();
        store.moveTo("main", "activecampaign https://acme.example").await();
        store.close().await();
        return config(0);
    }

    private Config config(int port) throws IOException, ConfigException {
        Path file = folder.resolve("crmux.yaml");
        Files.writeString(file, """
                server: {host: 127.0.0.1, port: %d}
                store: {path: '%s'}
                connections:
                  main: {crm: sandbox}
                """.formatted(port, folder.resolve("crmux.db")));
        return new ConfigReader(List.of(new Sandbox()), Map.of()).read(file);
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("crmux.db"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> warnings() {
        return logged.list.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.startsWith("main: "))
                .toList();
    }

    @Test
    void aStoreThatFailsWhenItIsOpenIsClosed() throws IOException, ConfigException, SQLException {
        Config config = aConnectionThatWasAnotherCrm();
        run("CREATE TRIGGER note BEFORE INSERT ON texts BEGIN SELECT RAISE(ABORT, 'refused'); END");
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> RunningGateway.start(config));
        openStore().close().await();
    }

    @Test
    void itIsSaidThatItIsAnotherCrmBeforeItIsDone() throws IOException, ConfigException, SQLException {
        Config config = aConnectionThatWasAnotherCrm();
        run("CREATE TRIGGER note BEFORE INSERT ON texts BEGIN SELECT RAISE(ABORT, 'refused'); END");
        assertThatExceptionOfType(StoreException.class).isThrownBy(() -> RunningGateway.start(config));
        assertThat(warnings())
                .containsExactly(
                        "main: this was activecampaign https://acme.example and is sandbox: contacts are looked up anew");
        run("DROP TRIGGER note");
        RunningGateway.start(config).stop(0);
        assertThat(warnings())
                .hasSize(3)
                .last()
                .asString()
                .isEqualTo("main: 0 stored changes go by addresses, 0 have none and reach nobody");
        RunningGateway.start(config).stop(0);
        assertThat(warnings()).hasSize(3);
    }

    /** So much waits that it is still read when the store is closed. */
    @Test
    void anAddressInUseIsTheReasonThatIsGivenWhateverIsStillRead() throws IOException, ConfigException {
        SqliteStore store = openStore();
        JsonObject fields = new JsonObject();
        IntStream.range(0, 20).forEach(i -> fields.put("field " + i, "value " + i));
        ChangeBody body = new ChangeBody.Update(fields, false);
        store.accept(Stream.generate(() ->
                                new NewChange(UUID.randomUUID(), "main", "1", null, body, System.currentTimeMillis()))
                        .limit(40_000)
                        .toList())
                .await();
        store.close().await();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Config config = config(taken.getLocalPort());
            assertThatExceptionOfType(CannotListenException.class).isThrownBy(() -> RunningGateway.start(config));
        }
        openStore().close().await();
    }
}
