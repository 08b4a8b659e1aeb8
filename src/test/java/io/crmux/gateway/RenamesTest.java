package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.CrmException;
import io.crmux.store.ChangeState;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contacts that have another id than they had. */
class RenamesTest {

    private final Bench bench = Bench.plain();

    @BeforeEach
    void aContact() {
        bench.crm.add("42", "jane@example.com", "customer");
        bench.tags(email("jane@example.com"));
    }

    private void moveTo(String address) {
        bench.crm.idOfAddress = to -> "id-of-" + to;
        bench.done(
                bench.connection.updateContact(id("42"), new JsonObject().put("user_email", address), true, NO_WAIT));
        bench.loop.advance(2_000);
        bench.crm.idOfAddress = to -> null;
    }

    @Test
    void readsByTheFormerIdAnswerThePresentOne() {
        moveTo("june@example.com");
        assertThat(bench.done(bench.getTags(id("42"))).value())
                .isEqualTo(
                        bench.done(bench.getTags(id("id-of-june@example.com"))).value());
        assertThat(bench.done(bench.getTags(id("42"))).value().id()).isEqualTo("id-of-june@example.com");
        assertThat(bench.crm.count("get_tags")).isEqualTo(1);
    }

    @Test
    void writesByTheFormerIdGoToThePresentOne() {
        moveTo("june@example.com");
        bench.apply(id("42"), "vip");
        assertThat(bench.tags(id("id-of-june@example.com"))).containsExactly("customer", "vip");
        bench.loop.advance(2_000);
        assertThat(bench.crm.person("id-of-june@example.com").tags).containsExactly("customer", "vip");
    }

    @Test
    void whatWaitsGoesToThePresentId() {
        bench.crm.idOfAddress = to -> "new";
        bench.done(bench.connection.updateContact(
                id("42"), new JsonObject().put("user_email", "june@example.com"), true, NO_WAIT));
        bench.loop.advance(205);
        String later = bench.apply(id("42"), "vip").operation();
        bench.loop.advance(5_000);
        assertThat(bench.state(later)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.crm.person("new").tags).containsExactly("customer", "vip");
    }

    @Test
    void theFormerIdIsKnownAfterARestart() {
        moveTo("june@example.com");
        bench.restart();
        bench.apply(id("42"), "vip");
        bench.loop.advance(2_000);
        assertThat(bench.done(bench.getTags(id("42"))).value().id()).isEqualTo("id-of-june@example.com");
        assertThat(bench.crm.person("id-of-june@example.com").tags).contains("vip");
    }

    @Test
    void aFormerIdThatIsAnotherContactsNowIsItsOwn() {
        moveTo("june@example.com");
        bench.loop.advance(60_000);
        bench.crm.add("42", "jane@example.com", "other");
        bench.done(bench.connection.getContactId(
                email("jane@example.com"), new Freshness(0, 0, true, false), Bench.TRACE));
        assertThat(bench.tags(id("42"))).containsExactly("other");
        assertThat(bench.tags(id("id-of-june@example.com"))).containsExactly("customer");
    }

    @Test
    void aContactThatIsGoneIsFoundAgainByItsAddressAndTheWriteReplayed() {
        ModelCrm.Person merged = bench.crm.person("42");
        bench.crm.people.remove("42");
        bench.crm.add("77", "jane@example.com").tags.addAll(merged.tags);
        String operation = bench.apply(id("42"), "vip").operation();
        bench.loop.advance(20_000);
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.crm.person("77").tags).containsExactly("customer", "vip");
        assertThat(bench.done(bench.getTags(id("42"))).value().id()).isEqualTo("77");
        assertThat(bench.done(bench.connection.operation(operation)).contact()).isEqualTo("77");
    }

    @Test
    void aContactThatGotAnotherIdInAnOutageIsFoundAgainByItsAddress() {
        String operation = appliedInAnOutage(() -> bench.crm.add("77", "jane@example.com", "customer"));
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.crm.person("77").tags).containsExactly("customer", "vip");
    }

    @Test
    void aContactThatNobodyFindsIsGivenUpAfterAnOutage() {
        String operation = appliedInAnOutage(() -> {});
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DEAD);
    }

    /** In which the contact loses its id. */
    private String appliedInAnOutage(Runnable whenItHasLostItsId) {
        bench.crm.failures = () -> CrmException.unavailable("down", 503);
        String operation = bench.apply(id("42"), "vip").operation();
        bench.loop.advance(3_600_000);
        bench.crm.people.remove("42");
        whenItHasLostItsId.run();
        bench.crm.failures = () -> null;
        bench.loop.advance(600_000);
        return operation;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aChangeOfAddressWhoseAnswerWasLostIsFoundDone(boolean overARestart) {
        bench.crm.idOfAddress = to -> "id-of-" + to;
        bench.crm.losses = () -> CrmException.unavailable("lost", null);
        String move = moves("june@example.com");
        bench.loop.advance(300);
        assertThat(bench.crm.people).containsOnlyKeys("id-of-june@example.com");
        if (overARestart) {
            bench.restart();
        }
        bench.crm.losses = () -> null;
        String later = bench.apply(id("42"), "vip").operation();
        bench.loop.advance(600_000);
        assertThat(bench.state(move)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.state(later)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.crm.person("id-of-june@example.com").tags).containsExactly("customer", "vip");
        assertThat(bench.done(bench.getTags(id("42"))).value().id()).isEqualTo("id-of-june@example.com");
        assertThat(bench.tags(email("june@example.com"))).containsExactly("customer", "vip");
    }

    @Test
    void whoHasTheNewAddressAlreadyIsAnotherWhereIdsDoNotChange() {
        bench.crm.add("43", "june@example.com");
        bench.crm.people.remove("42");
        String move = moves("june@example.com");
        String later = bench.apply(id("42"), "vip").operation();
        bench.loop.advance(600_000);
        assertThat(bench.state(move)).isEqualTo(ChangeState.DEAD);
        assertThat(bench.state(later)).isEqualTo(ChangeState.DEAD);
        assertThat(bench.crm.person("43").tags).isEmpty();
    }

    @Test
    void aChangeOfAddressWhoseAnswerWasLostIsFoundDoneThoughTheFormerAddressIsNotKnown() {
        bench.crm.add("id-of-joe@example.com", "joe@example.com");
        bench.crm.idOfAddress = to -> "id-of-" + to;
        bench.crm.losses = () -> CrmException.unavailable("lost", null);
        JsonObject fields = new JsonObject().put("user_email", "june@example.com");
        String move = bench.done(bench.connection.updateContact(id("id-of-joe@example.com"), fields, true, NO_WAIT))
                .operation();
        bench.loop.advance(300);
        bench.crm.losses = () -> null;
        bench.apply(id("id-of-joe@example.com"), "vip");
        bench.loop.advance(600_000);
        assertThat(bench.state(move)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.crm.person("id-of-june@example.com").tags).containsExactly("vip");
    }

    private String moves(String to) {
        return bench.done(
                        bench.connection.updateContact(id("42"), new JsonObject().put("user_email", to), true, NO_WAIT))
                .operation();
    }
}
