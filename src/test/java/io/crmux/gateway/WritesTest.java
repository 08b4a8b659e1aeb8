package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.TRACE;
import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.crm.CrmException;
import io.crmux.crm.Loop;
import io.crmux.crm.Traits;
import io.crmux.crm.Value;
import io.crmux.store.ChangeState;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WritesTest {

    private final Bench bench = Bench.plain();

    WritesTest() {
        bench.crm.add("42", "jane@example.com", "customer");
    }

    private ChangeState state(Written written) {
        return bench.done(bench.connection.operation(written.operation())).state();
    }

    @Test
    void whatWasAppliedIsVisibleBeforeTheCrmHasIt() {
        bench.tags(id("42"));
        bench.apply(id("42"), "vip");
        assertThat(bench.tags(id("42"))).containsExactly("customer", "vip");
        assertThat(bench.crm.count("apply_tags")).isZero();
        bench.loop.advance(1_000);
        assertThat(bench.crm.person("42").tags).containsExactly("customer", "vip");
        assertThat(bench.tags(id("42"))).containsExactly("customer", "vip");
    }

    @Test
    void fiftyAppliesInABurstAreOneCall() {
        List<Future<Written>> writes = IntStream.range(0, 50)
                .mapToObj(i -> bench.connection.changeTags(id("42"), List.of("tag-" + i), List.of(), NO_WAIT))
                .toList();
        bench.done(Future.all(writes));
        assertThat(bench.tags(id("42"))).hasSize(51);
        bench.loop.advance(5_000);
        assertThat(bench.crm.count("apply_tags")).isEqualTo(1);
        assertThat(bench.crm.person("42").tags).hasSize(51);
    }

    @Test
    void anAddressThatComesWhileATagIsMadeGoesWithTheTag() {
        Bench making = new Bench(Bench.traits(Duration.ZERO, Traits.Creation.BY_CALL, Traits.Add.REFUSES), 1);
        making.crm.delay = () -> 100;
        making.crm.add("42", "jane@example.com");
        making.apply(id("42"), "vip");
        while (making.crm.count("add_tag") == 0) {
            making.loop.advance(1);
        }
        JsonObject fields = new JsonObject().put("user_email", "joan@example.com");
        making.done(making.connection.updateContact(id("42"), fields, true, NO_WAIT));
        making.loop.advance(5_000);
        assertThat(making.crm.carriedOut)
                .containsExactly("sync_tags -", "add_tag vip", "update_contact 42", "apply_tags 42 [vip]");
    }

    @Test
    void aTagThatIsRemovedAndAppliedAgainIsRemovedAndApplied() {
        bench.remove(id("42"), "customer");
        bench.apply(id("42"), "customer");
        assertThat(bench.tags(id("42"))).containsExactly("customer");
        bench.loop.advance(5_000);
        assertThat(bench.crm.calls.stream().filter(call -> !call.startsWith("get_tags")))
                .contains("remove_tags 42 [customer]", "apply_tags 42 [customer]");
    }

    @Test
    void aWriteToAnAddressIsDeliveredToItsContact() {
        bench.apply(email("jane@example.com"), "vip");
        bench.loop.advance(1_000);
        assertThat(bench.crm.person("42").tags).contains("vip");
        assertThat(bench.tags(email("jane@example.com"))).contains("vip");
    }

    @Test
    void aCallerWhoWaitsIsAnsweredWhenItIsDelivered() {
        Written written = bench.done(
                bench.connection.changeTags(id("42"), List.of("vip"), List.of(), new WriteOptions(5_000, TRACE)));
        assertThat(written.fate()).extracting(Fate::state).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.loop.millis() % 100_000).isLessThan(150);
    }

    @Test
    void addingAnswersTheNewId() {
        AddedContact added = bench.done(bench.add("new@example.com", 10_000, "vip"));
        assertThat(added.id()).isEqualTo("100");
        assertThat(added.created()).isTrue();
        assertThat(bench.tags(email("new@example.com"))).containsExactly("vip");
        bench.loop.advance(1_000);
        assertThat(bench.crm.person("100").tags).containsExactly("vip");
        assertThat(bench.crm.count("add_contact")).isEqualTo(1);
    }

    @Test
    void addingAKnownAddressUpdatesItsContact() {
        AddedContact added = bench.done(bench.add("jane@example.com", 10_000));
        assertThat(added.id()).isEqualTo("42");
        assertThat(added.created()).isFalse();
        assertThat(bench.crm.count("update_contact")).isEqualTo(1);
        assertThat(bench.crm.people).hasSize(1);
    }

    @Test
    void whileACreationIsPendingReadsShowWhatWasAccepted() {
        bench.crm.failures = () -> CrmException.unavailable("down", 500);
        AddedContact added = bench.done(bench.add("new@example.com", 100, "vip"));
        assertThat(added.id()).isNull();
        bench.apply(email("new@example.com"), "more");
        Cached<ContactTags> read = bench.done(bench.getTags(email("new@example.com")));
        assertThat(read.value().id()).isNull();
        assertThat(read.value().tags()).containsExactly("vip", "more");
        bench.crm.failures = () -> null;
        bench.loop.advance(400_000);
        assertThat(bench.tags(email("new@example.com"))).containsExactly("vip", "more");
        assertThat(bench.crm.person("100").tags).containsExactly("vip", "more");
    }

    @Test
    void aRefusedChangeIsADeadLetterAndDoesNotTakeOthersWithIt() {
        bench.tags(id("42"));
        Written good = bench.apply(id("42"), "good");
        Written bad = bench.done(
                bench.connection.updateContact(id("42"), new JsonObject().put("first_name", "bad"), true, NO_WAIT));
        Written alsoGood = bench.apply(id("42"), "also-good");
        bench.crm.failures = () ->
                bench.crm.calls.get(bench.crm.calls.size() - 1).startsWith("update_contact")
                        ? CrmException.of(CrmException.Kind.INVALID, "no such name", 422)
                        : null;
        bench.loop.advance(10_000);
        assertThat(state(good)).isEqualTo(ChangeState.DELIVERED);
        assertThat(state(bad)).isEqualTo(ChangeState.DEAD);
        assertThat(state(alsoGood)).isEqualTo(ChangeState.DELIVERED);
        assertThat(String.valueOf(
                        bench.done(bench.connection.operation(bad.operation())).problem()))
                .contains("no such name");
        assertThat(bench.tags(id("42"))).containsExactly("customer", "good", "also-good");
    }

    private static List<Written> goldForMany(Bench bulk, int contacts) {
        List<Future<Written>> writes = IntStream.range(0, contacts)
                .mapToObj(i -> {
                    bulk.crm.add("c" + i, "c" + i + "@example.com");
                    return bulk.connection.changeTags(id("c" + i), List.of("gold"), List.of(), NO_WAIT);
                })
                .toList();
        return writes.stream().map(bulk::done).toList();
    }

    @Test
    void dueBatchesOfManyContactsGoTogetherAndARefusedOneIsSentAlone() {
        Bench bulk = Bench.bulk(10);
        List<Written> written = goldForMany(bulk, 30);
        bulk.crm.failures = () -> bulk.crm.calls.get(bulk.crm.calls.size() - 1).startsWith("apply_tags c7 ")
                ? CrmException.of(CrmException.Kind.INVALID, "not this one", 422)
                : null;
        bulk.loop.advance(60_000);
        assertThat(bulk.crm.deliveries).startsWith(10, 10, 10).contains(1);
        for (int i = 0; i < 30; i++) {
            Fate fate = bulk.done(bulk.connection.operation(written.get(i).operation()));
            assertThat(fate.state()).isEqualTo(i == 7 ? ChangeState.DEAD : ChangeState.DELIVERED);
        }
    }

    @Test
    void allThatAreRefusedTogetherAreSentAloneOnce() {
        Bench bulk = Bench.bulk(10);
        List<Written> written = goldForMany(bulk, 10);
        bulk.crm.failures = () -> CrmException.of(CrmException.Kind.INVALID, "none of these", 422);
        bulk.loop.advance(5_000);
        written.forEach(each -> assertThat(
                        bulk.done(bulk.connection.operation(each.operation())).state())
                .isEqualTo(ChangeState.DEAD));
        assertThat(bulk.crm.count("apply_tags")).isEqualTo(20);
    }

    @Test
    void aChangeKeepsTheAddressThatWasKnownAtItsAcceptance() {
        bench.tags(email("jane@example.com"));
        bench.apply(id("42"), "vip");
        assertThat(bench.store.all().get(0).change().accepted().email()).isEqualTo("jane@example.com");
    }

    @Test
    void anOutageIsSurvivedAndNothingIsGivenUp() {
        bench.crm.failures = () -> CrmException.unavailable("down", 503);
        Written written = bench.apply(id("42"), "vip");
        bench.loop.advance(4 * 3_600_000L);
        assertThat(state(written)).isEqualTo(ChangeState.QUEUED);
        assertThat(bench.done(bench.connection.operation(written.operation())).waitingFor())
                .contains("down");
        assertThat(bench.crm.count("apply_tags")).isLessThan(200);
        bench.crm.failures = () -> null;
        bench.loop.advance(301_000);
        assertThat(state(written)).isEqualTo(ChangeState.DELIVERED);
    }

    @Test
    void whatTheUpstreamHoldsBackPausesAllAndCountsAgainstNobody() {
        bench.crm.add("43", "joe@example.com");
        bench.crm.failures = () -> CrmException.unanswered(
                        CrmException.Kind.UNAVAILABLE, "tried only now and then", false)
                .waiting(4_000L);
        String one = bench.apply(id("42"), "vip").operation();
        String two = bench.apply(id("43"), "vip").operation();
        bench.loop.advance(600_000);
        long tried = bench.crm.count("apply_tags");
        assertThat(tried).isBetween(120L, 160L);
        bench.crm.failures = () -> null;
        bench.loop.advance(10_000);
        assertThat(bench.state(one)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.state(two)).isEqualTo(ChangeState.DELIVERED);
    }

    @Test
    void whatWasDoneBeforeABatchFailedIsNotDoneAgain() {
        bench.crm.failures = () ->
                bench.crm.calls.get(bench.crm.calls.size() - 1).startsWith("apply_tags")
                        ? CrmException.of(CrmException.Kind.INVALID, "no such tag", 422)
                        : null;
        String five = update("5");
        String eight = update("8");
        String refused = bench.apply(id("42"), "vip").operation();
        bench.loop.advance(5_000);
        assertThat(bench.state(five)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.state(eight)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.state(refused)).isEqualTo(ChangeState.DEAD);
        assertThat(bench.crm.count("update_contact")).isEqualTo(1);
        assertThat(bench.crm.person("42").fields).containsEntry("first", Value.text("8"));
    }

    private String update(String name) {
        return bench.done(bench.connection.updateContact(
                        id("42"), new JsonObject().put("first_name", name), true, NO_WAIT))
                .operation();
    }

    @Test
    void whatIsNotDeliveredInTimeExpires() {
        bench.crm.failures = () -> CrmException.unavailable("down", 503);
        Written written = bench.apply(id("42"), "vip");
        bench.loop.advance(8 * 86_400_000L);
        assertThat(state(written)).isEqualTo(ChangeState.DEAD);
    }

    @Test
    void whatWasAcceptedIsDeliveredByAConnectionThatIsStartedOutsideItsLoop() {
        bench.crm.failures = () -> CrmException.unavailable("down", 503);
        bench.apply(id("42"), "vip");
        bench.kill();
        bench.crm.failures = () -> null;
        Loop loop = new DistantLoops(bench.loop, new Random(1)).open();
        bench.done(bench.open("main", bench.crm, ConnectionOptions.Mode.LIVE, List.of(), loop)
                .start());
        bench.loop.advance(5_000);
        assertThat(bench.crm.person("42").tags).containsExactly("customer", "vip");
    }

    @Test
    void whatSomebodyWaitsForIsNotKeptWaitingForMoreChanges() {
        bench.apply(id("42"), "vip");
        bench.connection.changeTags(id("42"), List.of("waited-for"), List.of(), new WriteOptions(10_000, TRACE));
        bench.loop.advance(20);
        assertThat(bench.crm.person("42").tags).containsExactly("customer", "vip", "waited-for");
    }

    @Test
    void whoHasAnAddressThatWasAnotherContactsBeforeARestartIsAContactOfItsOwn() {
        JsonObject moves = new JsonObject().put("user_email", "joan@example.com");
        bench.apply(email("jane@example.com"), "member");
        bench.loop.advance(5_000);
        bench.done(bench.connection.updateContact(id("42"), moves, true, new WriteOptions(10_000, TRACE)));
        bench.crm.failures = () -> CrmException.unavailable("down", 503);
        bench.apply(id("42"), "vip");
        bench.restart();
        bench.crm.failures = () -> null;
        assertThat(bench.done(bench.add("jane@example.com", 10_000)).created()).isTrue();
        bench.loop.advance(600_000);
        assertThat(bench.crm.person("42").fields.get("email")).isEqualTo(Value.text("joan@example.com"));
        assertThat(bench.crm.person("42").tags).containsExactly("customer", "member", "vip");
        assertThat(bench.crm.people).hasSize(2);
    }

    @Test
    void aRestartDeliversWhatWasAccepted() {
        bench.crm.delay = () -> 100_000;
        bench.apply(id("42"), "vip");
        bench.crm.delay = () -> 5;
        bench.restart();
        assertThat(bench.tags(id("42"))).containsExactly("customer", "vip");
        bench.loop.advance(1_000);
        assertThat(bench.crm.person("42").tags).contains("vip");
    }

    @Test
    void aDeletedContactIsGoneFromAcceptanceOn() {
        bench.tags(email("jane@example.com"));
        bench.done(bench.connection.deleteContact(id("42"), NO_WAIT));
        assertThatThrownBy(() -> bench.tags(id("42"))).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> bench.apply(id("42"), "vip")).isInstanceOf(Refusal.class);
        bench.loop.advance(1_000);
        assertThat(bench.crm.people).isEmpty();
        assertThatThrownBy(() -> bench.tags(email("jane@example.com"))).isInstanceOf(Refusal.class);
        AddedContact again = bench.done(bench.add("jane@example.com", 10_000));
        assertThat(again.created()).isTrue();
        assertThat(bench.tags(email("jane@example.com"))).isEmpty();
    }

    @Test
    void aContactIsDeletedByAnAddressThatNobodyHasLookedUp() {
        String operation = bench.done(bench.connection.deleteContact(email("jane@example.com"), NO_WAIT))
                .operation();
        assertThatThrownBy(() -> bench.tags(email("jane@example.com"))).isInstanceOf(Refusal.class);
        bench.loop.advance(1_000);
        assertThat(bench.crm.people).isEmpty();
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DELIVERED);
        assertThatThrownBy(() -> bench.tags(email("jane@example.com"))).isInstanceOf(Refusal.class);
    }

    @Test
    void aContactIsDeletedAlsoWhereItIsCreatedAnewBehindThat() {
        bench.done(bench.connection.deleteContact(email("jane@example.com"), NO_WAIT));
        bench.done(bench.add("jane@example.com", 10_000));
        assertThat(bench.crm.people).containsOnlyKeys("100");
    }

    @Test
    void aContactThatMovesIsFoundUnderItsNewAddressAlone() {
        bench.tags(email("jane@example.com"));
        bench.done(bench.connection.updateContact(
                email("jane@example.com"), new JsonObject().put("user_email", "joan@example.com"), true, NO_WAIT));
        bench.loop.advance(5_000);
        assertThat(bench.tags(email("joan@example.com"))).containsExactly("customer");
        assertThatThrownBy(() -> bench.tags(email("jane@example.com"))).isInstanceOf(Refusal.class);
    }

    @Test
    void fieldsAreOverlaidOnWhatIsLoaded() {
        bench.crm.person("42").fields.put("first", Value.text("Jane"));
        bench.done(bench.connection.updateContact(
                id("42"), new JsonObject().put("first_name", "Joan").put("shoe", "9"), true, NO_WAIT));
        ContactFields fields = bench.done(bench.connection.loadContact(id("42"), true, TRACE));
        assertThat(fields.fields()).containsEntry("first_name", "Joan").containsEntry("user_email", "jane@example.com");
    }

    @Test
    void whenTheStoreFailsNothingIsAcknowledgedAndNothingIsVisible() {
        bench.tags(id("42"));
        bench.store.failing = true;
        assertThatThrownBy(() -> bench.apply(id("42"), "vip"))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.STORE_UNAVAILABLE));
        assertThat(bench.tags(id("42"))).containsExactly("customer");
    }

    @Test
    void queuesJoinWhenTheAddressTurnsOutToBeTheContacts() {
        bench.apply(email("jane@example.com"), "first");
        bench.apply(id("42"), "second");
        bench.tags(email("jane@example.com"));
        assertThat(bench.tags(id("42"))).containsExactly("customer", "first", "second");
        bench.loop.advance(2_000);
        assertThat(bench.crm.count("apply_tags")).isEqualTo(1);
        assertThat(bench.crm.person("42").tags).containsExactly("customer", "first", "second");
    }

    @Test
    void aBatchThatIsUnderWayWhenQueuesJoinIsNotSentAgain() {
        boolean[] slow = {true};
        bench.crm.delay = () -> slow[0] ? 10_000 : 5;
        bench.apply(id("42"), "a");
        bench.loop.advance(250);
        slow[0] = false;
        bench.apply(email("jane@example.com"), "b");
        bench.loop.advance(60_000);
        assertThat(bench.crm.calls)
                .filteredOn(call -> call.startsWith("apply_tags"))
                .containsExactly("apply_tags 42 [a]", "apply_tags 42 [b]");
    }

    @Test
    void nothingIsLeftBehindWhenAllIsSettled() {
        for (int i = 0; i < 20; i++) {
            bench.apply(email("jane@example.com"), "t" + i);
            bench.apply(id("42"), "u" + i);
            bench.loop.advance(100);
        }
        bench.loop.advance(60_000);
        assertThat(((LiveConnection) bench.connection).unsettledContacts()).isZero();
        assertThat(bench.loop.timers()).isZero();
    }
}
