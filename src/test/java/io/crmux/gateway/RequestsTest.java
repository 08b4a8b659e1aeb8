package io.crmux.gateway;

import static io.crmux.gateway.Bench.TRACE;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.crm.CrmException;
import io.crmux.store.ChangeState;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that come twice with one idempotency key. */
class RequestsTest {

    private final Bench bench = Bench.plain();

    @BeforeEach
    void aContact() {
        bench.crm.add("42", "jane@example.com", "customer");
    }

    private static WriteOptions with(String key, String fingerprint) {
        return new WriteOptions(0, TRACE, new RequestKey("website", key, fingerprint));
    }

    private Future<Written> apply(WriteOptions write) {
        return bench.connection.changeTags(id("42"), List.of("vip"), List.of(), write);
    }

    @Test
    void aRepetitionAcceptsNothingAndTellsTheFate() {
        Written first = bench.done(apply(with("k", "same")));
        bench.loop.advance(2_000);
        Written second = bench.done(apply(with("k", "same")));
        assertThat(first.repeated()).isFalse();
        assertThat(second.repeated()).isTrue();
        assertThat(second.operation()).isEqualTo(first.operation());
        assertThat(second.fate()).isNotNull().extracting(Fate::state).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.store.all()).hasSize(1);
    }

    @Test
    void itIsKnownAfterARestart() {
        Written first = bench.done(apply(with("k", "same")));
        bench.restart();
        assertThat(bench.done(apply(with("k", "same"))).operation()).isEqualTo(first.operation());
    }

    @Test
    void anotherRequestWithTheKeyIsRefused() {
        bench.done(apply(with("k", "one")));
        assertThatThrownBy(() -> bench.done(apply(with("k", "two"))))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.REQUEST_MISMATCH));
    }

    @Test
    void oneThatIsStillBeingAcceptedIsBusy() {
        Future<Written> first = apply(with("k", "same"));
        assertThatThrownBy(() -> bench.done(apply(with("k", "same"))))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.REQUEST_BUSY));
        bench.done(first);
    }

    @Test
    void oneThatWaitsForItsFateIsNotBusy() {
        bench.crm.delay = () -> 5_000;
        Future<Written> first = bench.connection.changeTags(
                id("42"),
                List.of("vip"),
                List.of(),
                new WriteOptions(60_000, TRACE, new RequestKey("website", "k", "same")));
        bench.loop.advance(100);
        Written second = bench.done(apply(with("k", "same")));
        assertThat(first.isComplete()).isFalse();
        assertThat(second.repeated()).isTrue();
        assertThat(bench.done(first).operation()).isEqualTo(second.operation());
    }

    @Test
    void aRequestThatWasNotAcceptedIsDoneTheNextTime() {
        bench.store.failing = true;
        assertThatThrownBy(() -> bench.done(apply(with("k", "same")))).isInstanceOf(Refusal.class);
        bench.store.failing = false;
        assertThat(bench.done(apply(with("k", "same"))).repeated()).isFalse();
    }

    @Test
    void keysOfOthersAreOthers() {
        bench.done(apply(with("k", "same")));
        Written other = bench.done(bench.connection.changeTags(
                id("42"), List.of("vip"), List.of(), new WriteOptions(0, TRACE, new RequestKey("shop", "k", "same"))));
        assertThat(other.repeated()).isFalse();
    }

    @Test
    void afterADayTheKeyIsFree() {
        bench.done(apply(with("k", "one")));
        bench.loop.advance(Duration.ofHours(25).toMillis());
        assertThat(bench.done(apply(with("k", "two"))).repeated()).isFalse();
    }

    @Test
    void anAdditionIsAnsweredAsTheFirstWouldBeNow() {
        JsonObject fields =
                new JsonObject().put("user_email", "joe@example.com").put("unmapped", 1);
        AddedContact first = bench.done(bench.connection.addContact(fields, true, List.of("vip"), with("k", "same")));
        bench.loop.advance(5_000);
        AddedContact second = bench.done(bench.connection.addContact(fields, true, List.of("vip"), with("k", "same")));
        assertThat(first.id()).isNull();
        assertThat(second)
                .isEqualTo(new AddedContact(
                        first.operation(), "100", true, List.of("unmapped"), List.of(), second.fate()));
        assertThat(second.fate()).extracting(Fate::state).isEqualTo(ChangeState.DELIVERED);
        bench.restart();
        assertThat(bench.done(bench.connection.addContact(fields, true, List.of("vip"), with("k", "same"))))
                .isEqualTo(second);
        assertThat(bench.crm.count("add_contact")).isEqualTo(1);
    }

    @Test
    void anAdditionThatTheCrmHasRefusedIsAnsweredWithTheRefusalWaitedForOrNot() {
        JsonObject fields = new JsonObject().put("user_email", "joe@example.com");
        AddedContact first = bench.done(bench.connection.addContact(fields, true, List.of(), with("k", "same")));
        bench.crm.failures = () -> CrmException.of(CrmException.Kind.INVALID, "not this one", 422);
        bench.loop.advance(5_000);
        AddedContact second = bench.done(bench.connection.addContact(fields, true, List.of(), with("k", "same")));
        assertThat(first.fate()).isNull();
        assertThat(second.operation()).isEqualTo(first.operation());
        assertThat(second.fate()).extracting(Fate::state).isEqualTo(ChangeState.DEAD);
    }

    @Test
    void anAdditionThatGoesOnHasNoFateYet() {
        JsonObject fields = new JsonObject().put("user_email", "joe@example.com");
        bench.done(bench.connection.addContact(fields, true, List.of(), with("k", "same")));
        assertThat(bench.done(bench.connection.addContact(fields, true, List.of(), with("k", "same")))
                        .fate())
                .isNull();
    }

    @Test
    void aTagIsCreatedOnce() {
        bench.done(bench.connection.addTag("new", with("k", "same")));
        bench.crm.tags.clear();
        assertThat(bench.done(bench.connection.addTag("new", with("k", "same"))).name())
                .isEqualTo("new");
        assertThat(bench.crm.count("add_tag")).isEqualTo(1);
    }
}
