package io.crmux.store;

import static io.crmux.store.Samples.MAIN;
import static io.crmux.store.Samples.operation;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told at a start of changes without the rest of them. */
class StoredChangesTest {

    private static final ChangeBody TAGS = new ChangeBody.Tags(List.of("vip"), List.of("lead"));
    private static final Learned NOTHING = new Learned(List.of(), List.of());

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void whatOnlyWaitsForAContactIsDeferred() {
        SqliteStore store = SqliteStore.open(StoreOptions.DEFAULTS.at(folder.resolve("crmux.db")));
        List<NewChange> changes = List.of(
                change("1", null, TAGS, null),
                change("2", "Jane@Example.com", TAGS, null),
                change(null, "jane@example.com", TAGS, null),
                change("3", null, new ChangeBody.Delete(), null),
                change("4", null, TAGS, new Origin("other", "5")),
                change("6", null, TAGS, null));
        List<Change> accepted = Awaiting.success(store.accept(changes));
        Progress tried = new Progress(accepted.get(5).seq(), ChangeState.QUEUED, 1, 2000, "the CRM", null, false);
        Awaiting.success(store.record(MAIN, List.of(tried), NOTHING));
        List<StoredChanges> parts = new ArrayList<>();
        Awaiting.success(store.recover(MAIN, new Recovery() {
            @Override
            public void known(List<Alias> aliases, List<Rename> renames) {}

            @Override
            public void unsettled(StoredChanges part) {
                parts.add(part);
            }
        }));
        assertThat(parts).hasSize(1);
        StoredChanges told = parts.get(0);
        assertThat(told.size()).isEqualTo(6);
        assertThat(told.lastSeq()).isEqualTo(tried.seq());
        for (int i = 0; i < 6; i++) {
            assertThat(told.isDeferred(i)).as("change %d", i).isEqualTo(i < 2);
            Progress progress = i < 5 ? StoredChange.untouched(accepted.get(i)).progress() : tried;
            assertThat(told.get(i)).isEqualTo(new StoredChange(accepted.get(i), progress));
        }
        assertThat(told.contactId(0)).isEqualTo("1");
        assertThat(told.email(0)).isNull();
        assertThat(told.contactId(1)).isEqualTo("2");
        assertThat(told.email(1)).isEqualTo("Jane@Example.com");
        Awaiting.success(store.close());
    }

    private static NewChange change(
            @Nullable String contact, @Nullable String email, ChangeBody body, @Nullable Origin origin) {
        return new NewChange(operation(contact + email), MAIN, contact, email, body, origin, 1000);
    }
}
