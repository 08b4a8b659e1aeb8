package io.crmux.store;

import static io.crmux.store.Samples.MAIN;
import static io.crmux.store.Samples.OTHER;
import static io.crmux.store.Samples.dead;
import static io.crmux.store.Samples.delivered;
import static io.crmux.store.Samples.operation;
import static io.crmux.store.Samples.tags;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store does with writes that are dead, staged or repeated. */
abstract class FatesContract extends OpenedStore {

    private static final IdempotencyKey KEY = new IdempotencyKey("site", MAIN, "k \u001f 1");
    private static final Identity JANE = new Identity(Set.of("42"), Set.of("jane@example.com"));

    @Test
    void aRequestIsRememberedWithTheChangesThatItMade() {
        assertThat(Awaiting.success(store().remembered(KEY))).isEmpty();
        Remembered request = new Remembered(KEY, "POST /x", operation("a"), null, 1000);
        List<Change> accepted = Awaiting.success(store().accept(List.of(tags("a")), request, published -> {}));
        reopen();

        assertThat(Awaiting.success(store().remembered(KEY))).contains(request);
        assertThat(recover(MAIN)).extracting(StoredChange::change).isEqualTo(accepted);
    }

    @Test
    void aRequestTakesThePlaceOfTheOneBefore() {
        Awaiting.success(store().accept(
                        List.of(tags("a")), new Remembered(KEY, "one", operation("a"), null, 1000), accepted -> {}));
        Remembered second = new Remembered(KEY, "two", null, new JsonObject().put("id", "7"), 2000);
        Awaiting.success(store().remember(second));

        assertThat(Awaiting.success(store().remembered(KEY))).contains(second);
    }

    @Test
    void theSameKeyOfAnotherOwnerOrConnectionIsAnother() {
        Awaiting.success(store().remember(new Remembered(KEY, "one", null, null, 1000)));
        for (IdempotencyKey other : List.of(
                new IdempotencyKey("shop", MAIN, KEY.key()),
                new IdempotencyKey("site", OTHER, KEY.key()),
                new IdempotencyKey("site", MAIN, "k2"))) {
            assertThat(Awaiting.success(store().remembered(other))).isEmpty();
        }
    }

    @Test
    void requestsAreForgottenWithTheFatesOfTheirTime() {
        Remembered kept = new Remembered(new IdempotencyKey("site", MAIN, "k2"), "two", null, null, 2000);
        Awaiting.success(store().remember(new Remembered(KEY, "one", null, null, 1999)));
        Awaiting.success(store().remember(kept));
        Awaiting.success(store().forget(2000, 0));

        assertThat(Awaiting.success(store().remembered(KEY))).isEmpty();
        assertThat(Awaiting.success(store().remembered(kept.key()))).contains(kept);
    }

    @Test
    void allAddressesOfContactsAreToldByAnyOfThemAndById() {
        Alias jane = new Alias("jane@example.com", "42", 1000);
        Alias june = new Alias("june@example.com", "42", 1000);
        learn(jane, june, new Alias("joe@example.com", "43", 1000));
        Awaiting.success(store().record(
                        OTHER, List.of(), new Learned(List.of(new Alias("other@example.com", "42", 1000)), List.of())));

        for (Identity asked : List.of(
                new Identity(Set.of("42"), Set.of()),
                new Identity(Set.of(), Set.of("june@example.com")),
                new Identity(Set.of("42"), Set.of("jane@example.com", "none@example.com")))) {
            assertThat(Awaiting.success(store().aliases(MAIN, asked))).containsExactlyInAnyOrder(jane, june);
        }
        assertThat(Awaiting.success(store().aliases(MAIN, new Identity(Set.of("7"), Set.of()))))
                .isEmpty();
    }

    @Test
    void stagedChangesAreSettledFromTheBeginningAndListed() {
        Remembered request = new Remembered(KEY, "one", operation("a"), null, 1000);
        List<Change> staged = Awaiting.success(store().stage(List.of(tags("a"), tags(OTHER, "b")), request));
        Awaiting.success(store().stage(List.of(tags("c")), null));
        accept(tags("pending"));
        reopen();

        assertThat(recover(MAIN)).hasSize(1);
        assertThat(recover(OTHER)).isEmpty();
        assertThat(operations(list(MAIN, ChangeState.STAGED, null, 0, 10)))
                .containsExactly(operation("a"), operation("c"));
        assertThat(fates(MAIN, "a"))
                .containsExactly(new StoredChange(
                        staged.get(0),
                        new Progress(staged.get(0).seq(), ChangeState.STAGED, 0, 1000, null, null, true)));
        assertThat(Awaiting.success(store().remembered(KEY))).contains(request);
    }

    @Test
    void aStagedTagIsListedInItsPlaceAndIsOfNoContact() {
        Awaiting.success(store().stage(List.of(tags("a")), null));
        List<Change> tag = Awaiting.success(store().stage(List.of(tagToCreate("b")), null));
        Awaiting.success(store().stage(List.of(tags("c")), null));
        reopen();

        assertThat(recover(MAIN)).isEmpty();
        List<StoredChange> listed = list(MAIN, ChangeState.STAGED, null, 0, 10);
        assertThat(operations(listed)).containsExactly(operation("a"), operation("b"), operation("c"));
        assertThat(listed.get(1).change()).isEqualTo(tag.get(0));
        assertThat(operations(list(MAIN, ChangeState.STAGED, JANE, 0, 10)))
                .containsExactly(operation("a"), operation("c"));
        assertThat(operations(Awaiting.success(store().later(MAIN, JANE, 0)).changes()))
                .containsExactly(operation("a"), operation("c"));
    }

    @Test
    void stagedChangesAreForgottenWithWhatWasLearned() {
        Awaiting.success(store().stage(List.of(tags("a")), null));
        Awaiting.success(store().stage(List.of(tagToCreate("b")), null));
        Awaiting.success(store().forget(5000, 1000));
        assertThat(fates(MAIN, "a")).hasSize(1);
        assertThat(fates(MAIN, "b")).hasSize(1);
        Awaiting.success(store().forget(0, 1001));
        assertThat(fates(MAIN, "a")).isEmpty();
        assertThat(fates(MAIN, "b")).isEmpty();
    }

    @Test
    void deadChangesAreListedInPagesAndByContact() {
        List<Change> changes = accept(
                tags("a"),
                of("b", "42", null),
                of("c", null, " JANE@example.com"),
                of("d", "17", "june@example.com"),
                tags(OTHER, "e"),
                tags("alive"));
        record(changes.stream().limit(4).map(change -> dead(change.seq(), 2000)).toArray(Progress[]::new));
        Awaiting.success(store().record(OTHER, List.of(dead(changes.get(4).seq(), 2000)), Learned.NOTHING));

        List<StoredChange> first = list(MAIN, ChangeState.DEAD, null, 0, 3);
        assertThat(operations(first)).containsExactly(operation("a"), operation("b"), operation("c"));
        assertThat(first.get(0).progress()).isEqualTo(dead(changes.get(0).seq(), 2000));
        assertThat(operations(list(MAIN, ChangeState.DEAD, null, changes.get(2).seq(), 3)))
                .containsExactly(operation("d"));
        assertThat(operations(list(MAIN, ChangeState.DEAD, JANE, 0, 10)))
                .containsExactly(operation("a"), operation("b"), operation("c"));
        assertThat(operations(list(MAIN, ChangeState.DEAD, JANE, changes.get(0).seq(), 1)))
                .containsExactly(operation("b"));
        assertThat(list(MAIN, ChangeState.DEAD, new Identity(Set.of(), Set.of()), 0, 10))
                .isEmpty();
    }

    @Test
    void changesOfOtherStatesAreNotListed() {
        assertThatThrownBy(() -> store().list(MAIN, ChangeState.QUEUED, null, 0, 10))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void laterChangesAreThoseOfTheSameContactByIdOrAddress() {
        List<Change> changes = accept(
                tags("before"),
                tags("dead"),
                of("by id", "42", null),
                of("by address", null, "Jane@Example.com "),
                of("of another", "17", "june@example.com"),
                tags(OTHER, "elsewhere"),
                tags("settled"));
        record(delivered(changes.get(6).seq(), 2000));

        Later later = Awaiting.success(store().later(MAIN, JANE, changes.get(1).seq()));
        assertThat(operations(later.changes()))
                .containsExactly(operation("by id"), operation("by address"), operation("settled"));
        assertThat(later.lookedUpTo()).isEqualTo(changes.get(6).seq());
    }

    @Test
    void aReplayPutsNewChangesInThePlaceOfDeadOnes() {
        List<Change> changes = accept(tags("a"), tags("b"));
        record(dead(changes.get(0).seq(), 2000), dead(changes.get(1).seq(), 2000));
        Progress end = replayed(changes.get(0).seq(), "c");
        List<List<Change>> published = new CopyOnWriteArrayList<>();
        List<Change> anew = Awaiting.success(store().replay(
                        MAIN,
                        new Replay(
                                List.of(tags("c")),
                                List.of(end),
                                JANE,
                                changes.get(1).seq()),
                        published::add));
        assertThat(published).containsExactly(anew);
        reopen();

        assertThat(recover(MAIN)).extracting(StoredChange::change).isEqualTo(anew);
        assertThat(anew.get(0).seq()).isGreaterThan(changes.get(1).seq());
        assertThat(fates(MAIN, "a")).containsExactly(new StoredChange(changes.get(0), end));
        assertThat(Awaiting.success(store().deadLetters(MAIN))).isEqualTo(1);
    }

    @Test
    void aReplayOfWhichNothingIsLeftOnlyDiscards() {
        long seq = accept(tags("a")).get(0).seq();
        record(dead(seq, 2000));
        Progress end = new Progress(seq, ChangeState.DISCARDED, 1, 3000, null, null, true);
        assertThat(Awaiting.success(
                        store().replay(MAIN, new Replay(List.of(), List.of(end), JANE, seq), accepted -> {})))
                .isEmpty();
        assertThat(Awaiting.success(store().deadLetters(MAIN))).isZero();
    }

    @Test
    void aReplayIsRefusedWhenAChangeOfTheContactWasAcceptedMeanwhile() {
        long seq = accept(of("a", "42", null)).get(0).seq();
        record(dead(seq, 2000));
        Replay replay = new Replay(List.of(tags("c")), List.of(replayed(seq, "c")), JANE, seq);
        accept(tags(OTHER, "elsewhere"), of("of another", "17", null));
        Future<List<Change>> meanwhile = store().accept(List.of(of("by address", null, "Jane@example.com")));
        Future<List<Change>> refused = store().replay(MAIN, replay, accepted -> {});

        Awaiting.success(meanwhile);
        assertThat(Awaiting.failure(refused)).isInstanceOf(SupersededException.class);
        assertThat(fates(MAIN, "c")).isEmpty();
        assertThat(Awaiting.success(store().deadLetters(MAIN))).isEqualTo(1);

        Replay again = new Replay(
                replay.anew(),
                replay.discarded(),
                JANE,
                Awaiting.success(store().later(MAIN, JANE, seq)).lookedUpTo());
        assertThat(Awaiting.success(store().replay(MAIN, again, accepted -> {})))
                .hasSize(1);
    }

    @Test
    void ofTwoReplaysOfOneDeadChangeOneIsRefused() {
        long seq = accept(tags("a")).get(0).seq();
        record(dead(seq, 2000));
        Identity nobody = new Identity(Set.of(), Set.of());
        Replay replay = new Replay(List.of(tags("c")), List.of(replayed(seq, "c")), nobody, seq);
        Future<List<Change>> first = store().replay(MAIN, replay, accepted -> {});
        Future<List<Change>> second = store().replay(MAIN, replay, accepted -> {});

        assertThat(Awaiting.success(first)).hasSize(1);
        assertThat(Awaiting.failure(second)).isInstanceOf(SupersededException.class);
        assertThat(recover(MAIN)).hasSize(1);
    }

    @Test
    void aDeadChangeOfAnotherConnectionIsNotReplayed() {
        long seq = accept(tags("a")).get(0).seq();
        record(dead(seq, 2000));
        Replay replay = new Replay(List.of(), List.of(replayed(seq, "c")), JANE, seq);
        assertThat(Awaiting.failure(store().replay(OTHER, replay, accepted -> {})))
                .isInstanceOf(SupersededException.class);
    }

    @Test
    void changesThatFollowADeadOneAreKeptAsLongAsItIs() {
        List<Change> changes = accept(
                tags("older"),
                of("dead", "42", "Jane@Example.com"),
                of("by id", "42", null),
                of("by address", null, "jane@example.com"),
                of("of another", "17", null),
                tags(OTHER, "elsewhere"));
        Progress dead = dead(changes.get(1).seq(), 2000);
        record(dead);
        settle(MAIN, changes, 0, 2, 3, 4);
        settle(OTHER, changes, 5);
        Awaiting.success(store().forget(3000, 0));
        reopen();

        assertThat(operations(
                        Awaiting.success(store().later(MAIN, JANE, dead.seq())).changes()))
                .containsExactly(operation("by id"), operation("by address"));
        assertThat(fates(MAIN, "older")).isEmpty();
        assertThat(fates(MAIN, "of another")).isEmpty();
        assertThat(fates(OTHER, "elsewhere")).isEmpty();

        record(new Progress(dead.seq(), ChangeState.DISCARDED, 1, 2500, null, null, true));
        Awaiting.success(store().forget(3000, 0));
        assertThat(fates(MAIN, "by id")).isEmpty();
        assertThat(fates(MAIN, "by address")).isEmpty();
        assertThat(fates(MAIN, "dead")).isEmpty();
    }

    @Test
    void aContactIsFollowedThroughItsAliasesAndFormerIds() {
        List<Change> changes = accept(
                of("dead", "42", "jane@example.com"),
                of("by another address", null, "june@example.com"),
                of("by a later id", "44", null),
                of("by an address of that", null, "jill@example.com"),
                of("by an earlier id", "41", null),
                of("of another", "17", "joe@example.com"),
                of("of another by a later id", "18", null));
        record(dead(changes.get(0).seq(), 2000));
        Awaiting.success(store().record(
                        MAIN,
                        List.of(),
                        new Learned(
                                List.of(
                                        new Alias("june@example.com", "42", 9000),
                                        new Alias("jill@example.com", "44", 9000),
                                        new Alias("joe@example.com", "17", 9000)),
                                List.of(
                                        new Rename("41", "42", 9000),
                                        new Rename("42", "43", 9000),
                                        new Rename("43", "44", 9000),
                                        new Rename("17", "18", 9000)))));
        settle(MAIN, changes, 1, 2, 3, 4, 5, 6);
        Awaiting.success(store().forget(3000, 0));

        for (String follower :
                List.of("by another address", "by a later id", "by an address of that", "by an earlier id")) {
            assertThat(fates(MAIN, follower)).as(follower).hasSize(1);
        }
        assertThat(fates(MAIN, "of another")).isEmpty();
        assertThat(fates(MAIN, "of another by a later id")).isEmpty();
    }

    @Test
    void forgettingGetsPastAnyNumberOfChangesThatAreKept() {
        int many = 1201;
        List<NewChange> all = new ArrayList<>(List.of(tags("dead")));
        IntStream.range(0, many).forEach(i -> all.add(tags("follows " + i)));
        IntStream.range(0, many).forEach(i -> all.add(of("free " + i, "17", null)));
        List<Change> changes = Awaiting.success(store().accept(all));
        record(dead(changes.get(0).seq(), 2000));
        settle(MAIN, changes, IntStream.rangeClosed(1, 2 * many).toArray());
        Awaiting.success(store().forget(3000, 0));

        assertThat(Awaiting.success(store().later(MAIN, JANE, 0)).changes()).hasSize(many + 1);
        assertThat(Awaiting.success(store().later(MAIN, new Identity(Set.of("17"), Set.of()), 0))
                        .changes())
                .isEmpty();
    }

    private void settle(String connection, List<Change> changes, int... which) {
        List<Progress> ends = IntStream.of(which)
                .mapToObj(i -> delivered(changes.get(i).seq(), 2000))
                .toList();
        Awaiting.success(store().record(connection, ends, Learned.NOTHING));
    }

    private static Progress replayed(long seq, String as) {
        JsonObject result = new JsonObject().put("replayed_as", operation(as).toString());
        return new Progress(seq, ChangeState.DISCARDED, 1, 3000, null, null, result, true);
    }

    private static NewChange tagToCreate(String operation) {
        return new NewChange(operation(operation), MAIN, null, null, new ChangeBody.AddTag("gold"), 1000);
    }

    private static NewChange of(String operation, @Nullable String contactId, @Nullable String email) {
        return new NewChange(operation(operation), MAIN, contactId, email, new ChangeBody.Delete(), 1000);
    }

    private List<StoredChange> list(
            String connection, ChangeState state, @Nullable Identity whose, long after, int limit) {
        return Awaiting.success(store().list(connection, state, whose, after, limit));
    }

    private static List<Object> operations(List<StoredChange> changes) {
        return changes.stream()
                .<Object>map(stored -> stored.change().accepted().operation())
                .toList();
    }
}
