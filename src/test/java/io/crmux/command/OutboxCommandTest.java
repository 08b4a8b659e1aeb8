package io.crmux.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.store.ChangeBody;
import io.crmux.store.ChangeState;
import io.crmux.store.Learned;
import io.crmux.store.NewChange;
import io.crmux.store.Origin;
import io.crmux.store.Progress;
import io.crmux.store.SqliteStore;
import io.crmux.store.StoreOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of the store, beside the server that uses it. */
class OutboxCommandTest {

    private static final UUID FIRST = new UUID(1, 1);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path file;

    @SuppressWarnings("NullAway.Init")
    private SqliteStore store;

    @BeforeEach
    void aStoreInUse() {
        file = folder.resolve("crmux.db");
        store = SqliteStore.open(StoreOptions.DEFAULTS.at(file));
        JsonObject fields = new JsonObject().put("first_name", "J\u00e4ne \ud83d\ude00");
        store.accept(List.of(
                        new NewChange(
                                FIRST,
                                "main",
                                "42",
                                "Jane@Example.com",
                                new ChangeBody.Tags(List.of("vip"), List.of()),
                                0),
                        new NewChange(
                                FIRST,
                                "mirror",
                                null,
                                "Jane@Example.com",
                                new ChangeBody.Update(fields, true),
                                new Origin("main", "42"),
                                1000),
                        new NewChange(
                                new UUID(2, 2),
                                "main",
                                null,
                                "june@example.com",
                                new ChangeBody.Event("bought", new JsonObject().put("price", 9.99)),
                                2000),
                        new NewChange(
                                new UUID(3, 3),
                                "main",
                                "17",
                                null,
                                new ChangeBody.Create(new JsonObject(), false),
                                2000),
                        new NewChange(new UUID(4, 4), "main", "17", null, new ChangeBody.Delete(), 2000)))
                .await();
        JsonObject problem = new JsonObject().put("type", "contact-not-found");
        store.record("main", List.of(new Progress(3, ChangeState.DEAD, 2, 5000, null, problem, true)), Learned.NOTHING)
                .await();
    }

    @AfterEach
    void closeStore() {
        store.close().await();
    }

    @Test
    void statSaysHowManyChangesAreInWhichState() {
        assertThat(run("outbox", "stat", "--store", file.toString())).isZero();
        assertThat(out.toString())
                .contains("store  " + file + ", format 4")
                .contains("size   ")
                .contains("main\n  queued     3\n  accepted   0\n  delivered  0\n  dead       1: contact-not-found 1\n")
                .contains("mirror\n  queued     1\n")
                .containsPattern("the oldest that the CRM has not yet was accepted \\d+ d \\d+ h ago");
    }

    @Test
    void exportPrintsAnObjectALine() {
        assertThat(run("outbox", "export", "--store", file.toString())).isZero();
        List<JsonObject> lines = out.toString().lines().map(JsonObject::new).toList();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).isEqualTo(new JsonObject("""
                {"seq": 1, "operation": "00000000-0000-0001-0000-000000000001", "connection": "main", "contact": "42",
                 "email": "Jane@Example.com", "origin": null, "accepted": "1970-01-01T00:00:00Z",
                 "change": {"tags": {"apply": ["vip"], "remove": []}}, "state": "queued", "settled": false,
                 "at": "1970-01-01T00:00:00Z", "attempts": 0, "waiting_for": null, "problem": null, "result": null}"""));
        assertThat(lines.get(1).getJsonObject("origin"))
                .isEqualTo(new JsonObject().put("connection", "main").put("contact", "42"));
        assertThat(lines.get(1).getJsonObject("change").encode())
                .isEqualTo(
                        "{\"update\":{\"fields\":{\"first_name\":\"J\u00e4ne \ud83d\ude00\"},\"map_meta_fields\":true}}");
        assertThat(lines.get(2).getString("state")).isEqualTo("dead");
        assertThat(lines.get(2).getJsonObject("problem").getString("type")).isEqualTo("contact-not-found");
        assertThat(lines.stream()
                        .skip(2)
                        .map(line -> line.getJsonObject("change").encode()))
                .containsExactly(
                        "{\"event\":{\"name\":\"bought\",\"properties\":{\"price\":9.99}}}",
                        "{\"create\":{\"fields\":{},\"map_meta_fields\":false}}",
                        "{\"delete\":true}");
        assertThat(out.toString()).as("any terminal shows it").matches("[\\x20-\\x7e\\n]*");
    }

    @Test
    void aStagedTagIsExportedWithoutAContact() {
        ChangeBody gold = new ChangeBody.AddTag("gold");
        store.stage(List.of(new NewChange(new UUID(5, 5), "main", null, null, gold, 3000)), null)
                .await();
        assertThat(run("outbox", "export", "--store", file.toString(), "--state", "staged"))
                .isZero();
        assertThat(new JsonObject(out.toString())).isEqualTo(new JsonObject("""
                {"seq": 6, "operation": "00000000-0000-0005-0000-000000000005", "connection": "main", "contact": null,
                 "email": null, "origin": null, "accepted": "1970-01-01T00:00:03Z",
                 "change": {"add_tag": {"name": "gold"}}, "state": "staged", "settled": true,
                 "at": "1970-01-01T00:00:03Z", "attempts": 0, "waiting_for": null, "problem": null, "result": null}"""));
    }

    @Test
    void exportTakesFilters() {
        assertThat(exported("--connection", "mirror")).isEqualTo(1);
        assertThat(exported("--state", "dead")).isEqualTo(1);
        assertThat(exported("--contact", "17")).isEqualTo(2);
        assertThat(exported("--contact", "email:JANE@example.com")).isEqualTo(2);
        assertThat(exported("--contact", "email:jane@example.com", "--connection", "main"))
                .isEqualTo(1);
        assertThat(exported("--state", "staged")).isZero();
    }

    @Test
    void theConfigurationSaysWhichStore() throws IOException {
        Path config = Files.writeString(
                folder.resolve("crmux.yaml"), "{store: {path: " + file + "}, connections: {main: {crm: sandbox}}}");
        assertThat(run("outbox", "stat", "--config", config.toString())).isZero();
        assertThat(out.toString()).contains("format 4");
    }

    @Test
    void mistakesAreSaid() {
        assertThat(run("outbox")).isEqualTo(2);
        assertThat(run("outbox", "export", "--store", file.toString(), "--state", "lost"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("'lost' is no state of a stored change");
        assertThat(run("outbox", "stat", "--store", folder.resolve("none.db").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("there is no store at").doesNotContain("Exception");
        assertThat(run("outbox", "stat", "--config", folder.resolve("none.yaml").toString()))
                .isEqualTo(3);
    }

    private long exported(String... filter) {
        out.getBuffer().setLength(0);
        String[] arguments = new String[filter.length + 4];
        System.arraycopy(new String[] {"outbox", "export", "--store", file.toString()}, 0, arguments, 0, 4);
        System.arraycopy(filter, 0, arguments, 4, filter.length);
        assertThat(run(arguments)).isZero();
        return out.toString().lines().count();
    }

    private int run(String... arguments) {
        return Commands.run(new PrintWriter(out, true), new PrintWriter(err, true), Map.of(), arguments);
    }
}
