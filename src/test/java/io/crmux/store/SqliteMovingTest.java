package io.crmux.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Tag;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A connection that goes from one CRM to another: no id of the first is ever taken for one of the second. */
@SuppressWarnings("NullAway.Init")
class SqliteMovingTest {

    private static final ChangeBody VIP = new ChangeBody.Tags(List.of("vip"), List.of());

    @TempDir
    private Path folder = Path.of("");

    private Store store;

    @BeforeEach
    void open() {
        store = SqliteStore.open(StoreOptions.DEFAULTS.at(folder.resolve("x.db")));
        assertThat(store.moveTo("main", "activecampaign https://a").await()).isEmpty();
    }

    @AfterEach
    void close() {
        store.close().await();
    }

    private long accept(@Nullable String contact, @Nullable String email) {
        return accept("main", contact, email, null);
    }

    private long accept(String connection, @Nullable String contact, @Nullable String email, @Nullable Origin origin) {
        NewChange change = new NewChange(UUID.randomUUID(), connection, contact, email, VIP, origin, 1);
        return store.accept(List.of(change)).await().get(0).seq();
    }

    private void record(long seq, ChangeState state, boolean settled) {
        JsonObject problem = state == ChangeState.DEAD ? new JsonObject().put("type", "invalid") : null;
        store.record(
                        "main",
                        List.of(new Progress(seq, state, 1, 2, null, problem, settled)),
                        Learned.of(new Alias("known@example.com", "7", 2)))
                .await();
    }

    private List<NewChange> unsettled(String connection) {
        return Recovered.of(store, connection).await().unsettled().stream()
                .map(stored -> stored.change().accepted())
                .toList();
    }

    @Test
    void nothingMovesWhileTheCrmIsTheSame() {
        accept("42", "jane@example.com");
        assertThat(store.moveTo("main", "activecampaign https://a").await()).isEmpty();
        assertThat(unsettled("main")).extracting(NewChange::contactId).containsExactly("42");
    }

    @Test
    void whatWaitsGoesByTheAddressWhereOneIsKnown() {
        accept("42", "Jane@example.com");
        accept("7", null);
        accept("9", null);
        long unshown = accept("43", "done@example.com");
        record(unshown, ChangeState.DELIVERED, false);
        long queued = accept("44", "queued@example.com");
        record(queued, ChangeState.ACCEPTED, false);
        assertThat(store.moveTo("main", "hubspot").await()).contains(new Moved("activecampaign https://a", 3, 1));
        assertThat(unsettled("main"))
                .extracting(NewChange::email)
                .containsExactly("Jane@example.com", "known@example.com", null, "queued@example.com");
        assertThat(unsettled("main"))
                .extracting(NewChange::contactId)
                .containsExactly(null, null, "activecampaign:9", null);
        assertThat(Recovered.of(store, "main").await().unsettled())
                .extracting(stored -> stored.progress().state())
                .containsOnly(ChangeState.QUEUED);
    }

    @Test
    void whatIsDeadIsNotReplayedToSomebodyElse() {
        record(accept("42", "jane@example.com"), ChangeState.DEAD, true);
        record(accept("9", null), ChangeState.DEAD, true);
        store.moveTo("main", "hubspot").await();
        assertThat(store.list("main", ChangeState.DEAD, null, 0, 10).await())
                .extracting(stored -> stored.change().accepted().contactId())
                .containsExactly(null, "activecampaign:9");
    }

    @Test
    void aStagedTagStaysAsItIs() {
        NewChange tag = new NewChange(UUID.randomUUID(), "main", null, null, new ChangeBody.AddTag("gold"), null, 1);
        store.stage(List.of(tag), null).await();
        assertThat(store.moveTo("main", "hubspot").await()).contains(new Moved("activecampaign https://a", 0, 0));
        assertThat(store.list("main", ChangeState.STAGED, null, 0, 10).await())
                .extracting(stored -> stored.change().accepted())
                .containsExactly(tag);
    }

    @Test
    void whatWasLearnedIsForgotten() {
        record(accept("42", "jane@example.com"), ChangeState.QUEUED, false);
        store.record("main", List.of(), new Learned(List.of(), List.of(new Rename("6", "7", 2))))
                .await();
        store.keepTagList("main", new TagList(List.of(Tag.of("1", "vip")), 3)).await();
        store.moveTo("main", "hubspot").await();
        assertThat(store.tagList("main").await()).isEmpty();
        assertThat(Recovered.of(store, "main").await().aliases()).isEmpty();
        assertThat(Recovered.of(store, "main").await().renames()).isEmpty();
    }

    /** A mirror asks where a change was accepted for the address of its contact, and must not get another's. */
    @Test
    void whatAMirrorWouldAskForIsNobodys() {
        record(accept("42", "jane@example.com"), ChangeState.QUEUED, false);
        accept("other", null, null, new Origin("main", "7"));
        accept("other", null, null, new Origin("main", "9"));
        store.moveTo("main", "hubspot").await();
        assertThat(unsettled("other")).extracting(NewChange::email).containsExactly("known@example.com", null);
        assertThat(unsettled("other"))
                .extracting(NewChange::origin)
                .containsExactly(new Origin("main", "activecampaign:7"), new Origin("main", "activecampaign:9"));
    }

    @Test
    void otherConnectionsStayAsTheyAre() {
        accept("other", "42", null, null);
        store.moveTo("main", "hubspot").await();
        assertThat(unsettled("other")).extracting(NewChange::contactId).containsExactly("42");
        assertThat(store.moveTo("main", "activecampaign https://a").await())
                .map(Moved::from)
                .isEqualTo(Optional.of("hubspot"));
    }
}
