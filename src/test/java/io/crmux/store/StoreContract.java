package io.crmux.store;

import static io.crmux.store.Samples.MAIN;
import static io.crmux.store.Samples.OTHER;
import static io.crmux.store.Samples.dead;
import static io.crmux.store.Samples.delivered;
import static io.crmux.store.Samples.operation;
import static io.crmux.store.Samples.queued;
import static io.crmux.store.Samples.tags;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Tag;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every store does, whatever it keeps its data in. */
abstract class StoreContract extends OpenedStore {

    @Test
    void acceptedChangesAreNumberedInOrderOfAcceptanceAcrossConnections() {
        List<Change> first = accept(tags(MAIN, "a"), tags(OTHER, "b"));
        List<Change> second = accept(tags(MAIN, "c"));

        assertThat(first)
                .extracting(change -> change.accepted().operation())
                .containsExactly(operation("a"), operation("b"));
        assertThat(first.get(1).seq()).isGreaterThan(first.get(0).seq());
        assertThat(second.get(0).seq()).isGreaterThan(first.get(1).seq());
    }

    @Test
    void everyKindOfChangeIsRecoveredAsItWasAccepted() {
        List<Change> accepted = new ArrayList<>();
        for (ChangeBody body : Samples.bodies()) {
            accepted.addAll(accept(Samples.with(UUID.randomUUID().toString(), body)));
        }
        accepted.addAll(
                accept(new NewChange(UUID.randomUUID(), MAIN, "id \u001f ü", null, new ChangeBody.Delete(), -1)));
        reopen();

        assertThat(recover(MAIN)).extracting(StoredChange::change).isEqualTo(accepted);
        assertThat(recover(MAIN)).extracting(StoredChange::progress).allSatisfy(progress -> {
            assertThat(progress.state()).isEqualTo(ChangeState.QUEUED);
            assertThat(progress.attempts()).isZero();
            assertThat(progress.settled()).isFalse();
        });
    }

    @Test
    void whatACallerDoesToItsJsonAfterwardsIsNotStored() {
        JsonObject fields = new JsonObject().put("first_name", "Jane");
        Future<List<Change>> accepted = store().accept(List.of(Samples.with("a", new ChangeBody.Update(fields, true))));
        fields.put("first_name", "June");
        Awaiting.success(accepted);

        assertThat(recover(MAIN).get(0).change().accepted().body())
                .isEqualTo(new ChangeBody.Update(new JsonObject().put("first_name", "Jane"), true));
    }

    @Test
    void anEmptyAcceptanceIsOne() {
        assertThat(accept()).isEmpty();
    }

    @Test
    void progressIsRecoveredAndDeliveringIsQueuedAgain() {
        List<Change> changes = accept(tags("a"), tags("b"), tags("c"));
        Progress waiting = queued(changes.get(0).seq(), 3, "the CRM, which limits us");
        Progress accepted = new Progress(changes.get(2).seq(), ChangeState.ACCEPTED, 1, 3000, null, null, false);
        record(
                waiting,
                new Progress(changes.get(1).seq(), ChangeState.DELIVERING, 2, 2500, null, null, false),
                accepted);
        reopen();

        assertThat(recover(MAIN))
                .extracting(StoredChange::progress)
                .containsExactly(
                        waiting,
                        new Progress(changes.get(1).seq(), ChangeState.QUEUED, 2, 2500, null, null, false),
                        accepted);
    }

    @Test
    void settledChangesAreNotRecoveredAndTheirFatesAreFound() {
        String operation = UUID.randomUUID().toString();
        List<Change> changes = accept(tags(operation), tags(operation), tags("b"));
        Progress delivered = delivered(changes.get(0).seq(), 2000);
        Progress dead = dead(changes.get(1).seq(), 2000);
        record(delivered, dead);
        reopen();

        assertThat(recover(MAIN)).extracting(StoredChange::change).containsExactly(changes.get(2));
        assertThat(fates(MAIN, operation))
                .containsExactly(new StoredChange(changes.get(0), delivered), new StoredChange(changes.get(1), dead));
    }

    @Test
    void connectionsDoNotSeeEachOthersChanges() {
        List<Change> changes = accept(tags(MAIN, "a"), tags(OTHER, "b"));
        record(delivered(changes.get(1).seq(), 2000));

        assertThat(recover(OTHER)).extracting(StoredChange::change).containsExactly(changes.get(1));
        assertThat(fates(OTHER, "a")).isEmpty();
        assertThat(fates(MAIN, "a")).hasSize(1);
        assertThat(recover("a connection that never was")).isEmpty();
    }

    @Test
    void deadLettersAreCountedUntilTheyAreDiscarded() {
        List<Change> changes = accept(tags(MAIN, "a"), tags(MAIN, "b"), tags(OTHER, "c"));
        record(dead(changes.get(0).seq(), 2000), dead(changes.get(1).seq(), 2000));
        assertThat(Awaiting.success(store().deadLetters(MAIN))).isEqualTo(2);
        assertThat(Awaiting.success(store().deadLetters(OTHER))).isZero();

        record(new Progress(changes.get(0).seq(), ChangeState.DISCARDED, 1, 3000, null, null, true));
        assertThat(Awaiting.success(store().deadLetters(MAIN))).isEqualTo(1);
    }

    @Test
    void whatCameOfAChangeIsKept() {
        Change change = accept(tags("a")).get(0);
        JsonObject result = new JsonObject().put("id", "5001").put("how", "CREATED");
        Progress delivered = new Progress(change.seq(), ChangeState.DELIVERED, 1, 2000, null, null, result, false);
        record(delivered);
        reopen();

        assertThat(recover(MAIN)).containsExactly(new StoredChange(change, delivered));
    }

    @Test
    void changesOfSeveralConnectionsAreAcceptedTogetherAndKnowTheirOrigin() {
        NewChange main = tags(MAIN, "a");
        NewChange mirrored = new NewChange(
                main.operation(), OTHER, null, "jane@example.com", main.body(), new Origin(MAIN, "42"), 1000);
        NewChange byAddress = new NewChange(
                main.operation(), OTHER, null, "jane@example.com", main.body(), new Origin(MAIN, null), 1000);
        List<Change> accepted = accept(main, mirrored, byAddress);
        reopen();

        assertThat(recover(MAIN)).extracting(StoredChange::change).containsExactly(accepted.get(0));
        assertThat(recover(OTHER)).extracting(StoredChange::change).isEqualTo(accepted.subList(1, 3));
        assertThat(fates(OTHER, "a")).hasSize(2);
    }

    @Test
    void anAddressThatWasNotKnownAtAcceptanceIsKept() {
        NewChange nameless =
                new NewChange(operation("a"), OTHER, null, null, tags("a").body(), new Origin(MAIN, "42"), 1000);
        List<Change> accepted = accept(nameless, nameless, tags(MAIN, "b"));
        List<Long> numbers = accepted.stream().map(Change::seq).toList();
        Awaiting.success(store().identify(OTHER, numbers.subList(1, 3), "Jane@Example.com", null));
        reopen();

        assertThat(recover(OTHER))
                .extracting(stored -> stored.change().accepted().email())
                .containsExactly(null, "Jane@Example.com");
        assertThat(recover(MAIN)).extracting(StoredChange::change).containsExactly(accepted.get(2));
        Identity jane = new Identity(Set.of(), Set.of("jane@example.com"));
        assertThat(Awaiting.success(store().later(OTHER, jane, 0)).changes()).hasSize(1);
    }

    @Test
    void whoAContactIsWhereAChangeComesFromIsKeptWithItsAddress() {
        NewChange known = new NewChange(
                operation("a"), OTHER, null, "Jane@Example.com", tags("a").body(), new Origin(MAIN, "42"), 1000);
        NewChange unknown = new NewChange(
                operation("b"), OTHER, null, "Jane@Example.com", tags("b").body(), new Origin(MAIN, null), 1000);
        NewChange direct = tags(OTHER, "c");
        List<Change> accepted = accept(known, unknown, direct);
        Awaiting.success(store().identify(
                        OTHER, accepted.stream().map(Change::seq).skip(1).toList(), null, "43"));
        reopen();

        assertThat(recover(OTHER))
                .extracting(stored -> stored.change().accepted().origin())
                .containsExactly(new Origin(MAIN, "42"), new Origin(MAIN, "43"), null);
        assertThat(recover(OTHER))
                .extracting(stored -> stored.change().accepted().email())
                .containsExactly("Jane@Example.com", "Jane@Example.com", direct.email());
        Identity jane = new Identity(Set.of(), Set.of("jane@example.com"));
        assertThat(Awaiting.success(store().later(OTHER, jane, 0)).changes()).hasSize(3);
    }

    @Test
    void renamesAreRecoveredInTheirOrderAndTheLastOneCounts() {
        Rename first = new Rename("42", "43", 1000);
        Rename second = new Rename("17", "18", 900);
        Rename again = new Rename("42", "44", 1100);
        Awaiting.success(store().record(MAIN, List.of(), new Learned(List.of(), List.of(first, second))));
        assertThat(Awaiting.success(Recovered.of(store(), MAIN)).renames()).containsExactly(first, second);

        Awaiting.success(store().record(MAIN, List.of(), new Learned(List.of(), List.of(again))));
        reopen();
        assertThat(Awaiting.success(Recovered.of(store(), MAIN)).renames()).containsExactly(second, again);
        assertThat(Awaiting.success(Recovered.of(store(), OTHER)).renames()).isEmpty();

        Awaiting.success(store().forget(0, 1000));
        assertThat(Awaiting.success(Recovered.of(store(), MAIN)).renames()).containsExactly(again);
    }

    @Test
    void whatWaitsUnderAnIdThatIsInUseAgainStaysItsContacts() {
        accept(tags("a"), tags("b"));
        rename("42", "43");
        rename("42", "42");
        accept(tags("c"));
        reopen();
        assertThat(recover(MAIN))
                .extracting(stored -> stored.change().accepted().contactId())
                .containsExactly("43", "43", "42");
    }

    private void rename(String former, String present) {
        Awaiting.success(
                store().record(MAIN, List.of(), new Learned(List.of(), List.of(new Rename(former, present, 1000)))));
    }

    @Test
    void addressesOfAContactWhoseIdHasChangedAreRecovered() {
        accept(tags("a"));
        Alias ofTheNewId = new Alias("new@example.com", "43", 1000);
        Awaiting.success(store().record(
                        MAIN, List.of(), new Learned(List.of(ofTheNewId), List.of(new Rename("42", "43", 1000)))));
        assertThat(Awaiting.success(Recovered.of(store(), MAIN)).aliases()).containsExactly(ofTheNewId);

        Alias ofAFormerId = new Alias("old@example.com", "17", 1000);
        Awaiting.success(store().record(
                        MAIN, List.of(), new Learned(List.of(ofAFormerId), List.of(new Rename("17", "18", 1000)))));
        assertThat(Awaiting.success(Recovered.of(store(), MAIN)).aliases())
                .containsExactlyInAnyOrder(ofTheNewId, ofAFormerId);
    }

    @Test
    void textsAreKeptUntilTheNextOne() {
        Awaiting.success(store().keep("counter", "main day", "1 \u001f ü"));
        Awaiting.success(store().keep("counter", "other day", "2"));
        Awaiting.success(store().keep("deadline", "main day", "3"));
        reopen();
        assertThat(Awaiting.success(store().kept("counter")))
                .isEqualTo(Map.of("main day", "1 \u001f ü", "other day", "2"));

        Awaiting.success(store().keep("counter", "main day", "4"));
        Awaiting.success(store().keep("counter", "other day", null));
        Awaiting.success(store().keep("counter", "never", null));
        assertThat(Awaiting.success(store().kept("counter"))).isEqualTo(Map.of("main day", "4"));
        assertThat(Awaiting.success(store().kept("deadline"))).isEqualTo(Map.of("main day", "3"));
        assertThat(Awaiting.success(store().kept("nothing"))).isEmpty();
    }

    @Test
    void aTagListIsKeptUntilTheNextOne() {
        assertThat(Awaiting.success(store().tagList(MAIN))).isEmpty();
        TagList first = new TagList(List.of(Tag.of("1", "vip"), new Tag(null, "ä \"q\"", "segment", false)), 1000);
        Awaiting.success(store().keepTagList(MAIN, first));
        reopen();
        assertThat(Awaiting.success(store().tagList(MAIN))).contains(first);

        TagList second = new TagList(List.of(), 2000);
        Awaiting.success(store().keepTagList(MAIN, second));
        assertThat(Awaiting.success(store().tagList(MAIN))).contains(second);
        assertThat(Awaiting.success(store().tagList(OTHER))).isEmpty();
    }

    @Test
    void aliasesOfTheContactsOfUnsettledChangesAreRecovered() {
        accept(tags("a"), Samples.with("b", new ChangeBody.Delete()));
        Alias ofTheId = new Alias("also.42@example.com", "42", 1000);
        Alias ofTheAddress = new Alias("jane@example.com", "17", 1000);
        Alias ofThatContact = new Alias("also.17@example.com", "17", 1000);
        learn(new Alias("jane@example.com", "16", 900), ofTheId, ofTheAddress, ofThatContact);
        Awaiting.success(store().record(OTHER, List.of(), Learned.of(new Alias("else@example.com", "42", 1000))));
        reopen();

        assertThat(Awaiting.success(Recovered.of(store(), MAIN)).aliases())
                .contains(ofTheId, ofTheAddress, ofThatContact);
        assertThat(Awaiting.success(Recovered.of(store(), MAIN)).aliases())
                .extracting(Alias::emailKey)
                .doesNotContain("else@example.com")
                .doesNotHaveDuplicates();
    }

    @Test
    void forgettingTakesOldFatesAndAliasesAndNothingElse() {
        List<Change> changes = accept(tags("old"), tags("dead"), tags("new"), tags("pending"));
        record(
                delivered(changes.get(0).seq(), 1999),
                dead(changes.get(1).seq(), 1999),
                delivered(changes.get(2).seq(), 2000));
        Alias fresh = new Alias("fresh@example.com", "42", 5000);
        learn(new Alias("stale@example.com", "42", 4999), fresh);

        Awaiting.success(store().forget(2000, 5000));

        assertThat(fates(MAIN, "old")).isEmpty();
        assertThat(fates(MAIN, "dead")).hasSize(1);
        assertThat(fates(MAIN, "new")).hasSize(1);
        assertThat(recover(MAIN)).extracting(StoredChange::change).containsExactly(changes.get(3));
        assertThat(Awaiting.success(Recovered.of(store(), MAIN)).aliases()).containsExactly(fresh);
    }

    @Test
    void forgettingTakesAllThereIsHoweverMuch() {
        int many = 1201;
        List<Change> changes =
                accept(IntStream.range(0, many).mapToObj(i -> tags("o" + i)).toArray(NewChange[]::new));
        record(changes.stream().map(change -> delivered(change.seq(), 2000)).toArray(Progress[]::new));
        learn(IntStream.range(0, many)
                .mapToObj(i -> new Alias(i + "@example.com", "42", 1000))
                .toArray(Alias[]::new));
        accept(tags("pending"));

        Awaiting.success(store().forget(2001, 1001));

        assertThat(IntStream.range(0, many))
                .allSatisfy(i -> assertThat(fates(MAIN, "o" + i)).isEmpty());
        assertThat(Awaiting.success(Recovered.of(store(), MAIN)).aliases()).isEmpty();
    }

    @Test
    void numbersAreNotGivenTwiceEvenWhenTheirChangesAreForgotten() {
        List<Change> changes = accept(tags("a"), tags("b"));
        record(delivered(changes.get(0).seq(), 2000), delivered(changes.get(1).seq(), 2000));
        Awaiting.success(store().forget(3000, 0));
        reopen();

        assertThat(accept(tags("c")).get(0).seq()).isGreaterThan(changes.get(1).seq());
    }

    @Test
    void whatIsToldOfAForgottenChangeIsLeftOut() {
        long seq = accept(tags("a")).get(0).seq();
        record(delivered(seq, 2000));
        Awaiting.success(store().forget(3000, 0));

        record(delivered(seq, 4000), delivered(seq + 1000, 4000));

        assertThat(fates(MAIN, "a")).isEmpty();
    }

    @Test
    void aReadSeesTheWritesThatWereCalledBeforeIt() {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String operation = "o" + i;
            all.add(store().accept(List.of(tags(operation))));
            all.add(store().operation(MAIN, operation(operation))
                    .onSuccess(found -> assertThat(found).hasSize(1))
                    .map(found -> found.get(0)));
        }
        all.forEach(Awaiting::success);
    }

    @Test
    void acceptancesUnderConcurrencyKeepEachCallersOrderAndArePublishedInThatOfTheirNumbers()
            throws InterruptedException {
        ConcurrentLinkedQueue<Long> published = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Future<?>> futures = new ConcurrentLinkedQueue<>();
        List<Thread> callers = new ArrayList<>();
        for (int caller = 0; caller < 8; caller++) {
            String name = "caller-" + caller + "-";
            Thread thread = new Thread(() -> IntStream.range(0, 250)
                    .forEach(i -> futures.add(store().accept(
                                    List.of(tags(name + i), tags(name + i)),
                                    null,
                                    changes -> changes.forEach(change -> published.add(change.seq()))))));
            callers.add(thread);
            thread.start();
        }
        for (Thread caller : callers) {
            caller.join();
        }
        futures.forEach(Awaiting::success);

        List<Long> numbers = List.copyOf(published);
        assertThat(numbers).hasSize(4000).doesNotHaveDuplicates().isSorted();
        List<StoredChange> recovered = recover(MAIN);
        assertThat(recovered).extracting(stored -> stored.change().seq()).isEqualTo(numbers);
        for (int caller = 0; caller < 8; caller++) {
            String name = "caller-" + caller + "-";
            List<UUID> ofCaller = IntStream.range(0, 500)
                    .mapToObj(i -> operation(name + i / 2))
                    .toList();
            assertThat(recovered)
                    .extracting(stored -> stored.change().accepted().operation())
                    .filteredOn(new HashSet<>(ofCaller)::contains)
                    .isEqualTo(ofCaller);
        }
    }

    @Test
    void aCallerThatThrowsHarmsNobodyElse() {
        CountDownLatch told = new CountDownLatch(1);
        store().accept(List.of(tags("holds the store up")), null, changes -> await(told));
        Future<List<Change>> first = store().accept(List.of(tags("a")));
        first.onComplete(ended -> {
            throw new IllegalStateException("a caller's own fault");
        });
        told.countDown();
        assertThat(accept(tags("b"))).hasSize(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatIsAcceptedIsPublishedBeforeTheFutureEndsAndWhatIsRefusedIsNot() {
        List<String> told = new CopyOnWriteArrayList<>();
        Future<List<Change>> accepted = store().accept(List.of(tags("a")), null, changes -> told.add("published"));
        Awaiting.success(accepted.onSuccess(changes -> told.add("ended")));
        Awaiting.success(store().close());
        Awaiting.failure(store().accept(List.of(tags("b")), null, changes -> told.add("published too late")));
        assertThat(told).startsWith("published").doesNotContain("published too late");
    }

    @Test
    void aPublicationThatThrowsDoesNotHoldTheCallerUp() {
        assertThat(Awaiting.success(store().accept(List.of(tags("a")), null, changes -> {
                    throw new IllegalStateException("a caller's own fault");
                })))
                .hasSize(1);
        assertThat(accept(tags("b"))).hasSize(1);
    }

    @Test
    void probingSucceeds() {
        Awaiting.success(store().probe());
        Awaiting.success(store().probe());
    }

    @Test
    void closingFinishesWhatWasAskedBeforeAndRefusesTheRest() {
        List<Future<List<Change>>> before = LongStream.range(0, 100)
                .mapToObj(i -> store().accept(List.of(tags("o" + i))))
                .toList();
        Future<List<StoredChange>> read = store().operation(MAIN, operation("o99"));
        Future<Void> closed = store().close();
        Future<List<Change>> after = store().accept(List.of(tags("late")));
        Future<Recovered> readAfter = Recovered.of(store(), MAIN);

        Awaiting.success(closed);
        before.forEach(Awaiting::success);
        assertThat(Awaiting.success(read)).hasSize(1);
        assertThat(Awaiting.failure(after)).hasMessageContaining("closed");
        assertThat(Awaiting.failure(readAfter)).hasMessageContaining("closed");
        reopen();
        assertThat(recover(MAIN)).hasSize(100);
    }
}
