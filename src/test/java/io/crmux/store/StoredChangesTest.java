package io.crmux.store;

import static io.crmux.store.Samples.MAIN;
import static io.crmux.store.Samples.operation;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told at a start of changes without the rest of them. */
class StoredChangesTest {

    private static final ChangeBody TAGS = new ChangeBody.Tags(List.of("vip"), List.of("lead"));
    private static final Learned NOTHING = new Learned(List.of(), List.of());

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void whatOnlyWaitsForAContactIsDeferred() {
        SqliteStore store = open();
        JsonObject address = new JsonObject().put("user_email", "joe@example.com");
        List<NewChange> changes = List.of(
                change("1", null, TAGS, null),
                change("2", "Jane@Example.com", TAGS, null),
                change(null, "jane@example.com", TAGS, null),
                change("3", null, new ChangeBody.Update(new JsonObject().put("first_name", "Jo \"é\""), true), null),
                change("4", null, new ChangeBody.Event("bought", address), null),
                change(null, "joe@example.com", new ChangeBody.Create(address, true), null),
                change(
                        "4",
                        "joe@example.com",
                        new ChangeBody.Update(address.copy().put("a", "b"), true),
                        null),
                change("5", null, new ChangeBody.Update(address, true), null),
                change("5", "jo@example.com", new ChangeBody.Update(address, true), null),
                change("5", "joe@example.co", new ChangeBody.Update(address, true), null),
                change("5", "oe@example.com", new ChangeBody.Update(address, true), null),
                change(
                        "5",
                        "joe@example.com",
                        new ChangeBody.Update(address.copy().put("b", "a@b.c"), true),
                        null),
                change("6", null, new ChangeBody.Delete(), null),
                change(null, null, new ChangeBody.AddTag("vip"), null),
                change("7", null, TAGS, new Origin("other", "8")),
                change("9", null, TAGS, null));
        List<Change> accepted = Awaiting.success(store.accept(changes));
        Progress tried = new Progress(accepted.get(15).seq(), ChangeState.QUEUED, 1, 2000, "the CRM", null, false);
        Awaiting.success(store.record(MAIN, List.of(tried), NOTHING));
        StoredChanges told = told(store);
        assertThat(told.size()).isEqualTo(16);
        assertThat(told.lastSeq()).isEqualTo(tried.seq());
        for (int i = 0; i < 16; i++) {
            assertThat(told.isDeferred(i)).as("change %d", i).isEqualTo(i < 7);
            assertThat(told.isDeferred(i) && told.tellsAddress(i)).isEqualTo(i == 6);
            assertThat(told.isDeferred(i) && told.isCreation(i)).isEqualTo(i == 5);
            Progress progress = i < 15 ? StoredChange.untouched(accepted.get(i)).progress() : tried;
            assertThat(told.get(i)).isEqualTo(new StoredChange(accepted.get(i), progress));
        }
        assertThat(told.contactId(0)).isEqualTo("1");
        assertThat(told.email(0)).isNull();
        assertThat(told.contactId(1)).isEqualTo("2");
        assertThat(told.email(1)).isEqualTo("Jane@Example.com");
        assertThat(told.contactId(2)).isNull();
        assertThat(told.email(2)).isEqualTo("jane@example.com");
        assertThat(told.get(1))
                .as("once more, behind one that was read later")
                .isEqualTo(StoredChange.untouched(accepted.get(1)));
        Awaiting.success(store.close());
    }

    /** Nobody would know what was accepted: it is told before anything is delivered. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1,\"tags\",[\"vip",
                "[1,\"tags\",[\"vip\"]]",
                "[1,\"update\",{\"a\":1}}",
                "[2,\"tags\",[\"vip\"],[]]"
            })
    void aBodyThatCannotBeReadIsToldAtOnce(String body) throws SQLException {
        SqliteStore store = open();
        List<NewChange> accepted = List.of(change("1", null, TAGS, null), change("2", null, TAGS, null));
        Awaiting.success(store.accept(accepted));
        Awaiting.success(store.close());
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + file());
                PreparedStatement damage = database.prepareStatement("UPDATE changes SET body = ? WHERE seq = 2")) {
            damage.setString(1, body);
            damage.executeUpdate();
        }
        SqliteStore again = open();
        assertThat(Awaiting.failure(again.recover(MAIN, new Parts(new ArrayList<>()))))
                .hasMessageStartingWith("stored change 2 cannot be read: its ");
        Awaiting.success(again.close());
    }

    private SqliteStore open() {
        return SqliteStore.open(StoreOptions.DEFAULTS.at(file()));
    }

    private Path file() {
        return folder.resolve("crmux.db");
    }

    private static StoredChanges told(SqliteStore store) {
        Parts parts = new Parts(new ArrayList<>());
        Awaiting.success(store.recover(MAIN, parts));
        assertThat(parts.told).hasSize(1);
        return parts.told.get(0);
    }

    private record Parts(List<StoredChanges> told) implements Recovery {

        @Override
        public void known(List<Alias> aliases, List<Rename> renames) {}

        @Override
        public void unsettled(StoredChanges part) {
            told.add(part);
        }
    }

    private static NewChange change(
            @Nullable String contact, @Nullable String email, ChangeBody body, @Nullable Origin origin) {
        return new NewChange(operation(contact + email), MAIN, contact, email, body, origin, 1000);
    }
}
