package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.CrmException;
import io.crmux.store.ChangeState;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deletions by id, where only the main CRM knows the contact's address, and after the deletion nobody does. */
class MirroredDeletionsTest extends MirroredContact {

    private String delete(ContactRef contact) {
        return bench.done(bench.connection.deleteContact(contact, NO_WAIT)).operation();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 5, 100})
    void aDeletionByIdReachesTheMirrorHoweverFastTheMainCrmIs(long millis) {
        bench.crm.delay = () -> millis;
        String operation = delete(id("42"));
        bench.loop.advance(5_000);
        assertThat(bench.crm.people).isEmpty();
        assertThat(second.people).isEmpty();
        assertThat(mirrored(operation).state()).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.crm.count("load_contact")).isEqualTo(1);
    }

    @Test
    void aDeletionWhoseCallerWaitsReachesTheMirror() {
        bench.done(bench.connection.deleteContact(id("42"), new WriteOptions(10_000, Bench.TRACE)));
        assertThat(bench.crm.people).isEmpty();
        bench.loop.advance(5_000);
        assertThat(second.people).isEmpty();
    }

    @Test
    void changesJustBeforeADeletionReachTheMirrorAndBeforeIt() {
        String tagged = bench.apply(id("42"), "vip").operation();
        String operation = delete(id("42"));
        bench.loop.advance(5_000);
        assertThat(mirrored(tagged).state()).isEqualTo(ChangeState.DELIVERED);
        assertThat(mirrored(operation).state()).isEqualTo(ChangeState.DELIVERED);
        assertThat(second.people).isEmpty();
        assertThat(second.carriedOut).containsSubsequence("apply_tags m7 [vip]", "delete_contact m7");
    }

    @Test
    void aMirrorThatIsDownHoldsNoDeletionUpAndGetsItAfterARestart() {
        mirrorIsDown();
        String tagged = bench.apply(id("42"), "vip").operation();
        String operation = delete(id("42"));
        bench.loop.advance(5_000);
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.crm.people).isEmpty();
        bench.restart();
        mirrorIsUp();
        bench.loop.advance(60_000);
        assertThat(mirrored(tagged).state()).isEqualTo(ChangeState.DELIVERED);
        assertThat(mirrored(operation).state()).isEqualTo(ChangeState.DELIVERED);
        assertThat(second.people).isEmpty();
    }

    @Test
    void aDeletionThatWaitedWhileTheProcessEndedReachesTheMirror() {
        bench.crm.failures = () -> CrmException.unavailable("down", 500);
        bench.apply(id("42"), "vip");
        String operation = delete(id("42"));
        bench.loop.advance(1_000);
        bench.restart();
        bench.crm.failures = () -> null;
        bench.loop.advance(120_000);
        assertThat(bench.crm.people).isEmpty();
        assertThat(mirrored(operation).state()).isEqualTo(ChangeState.DELIVERED);
        assertThat(second.people).isEmpty();
    }

    @Test
    void changesUnderAFormerIdReachTheMirror() {
        mirrorIsDown();
        bench.crm.idOfAddress = address -> "43";
        bench.apply(id("42"), "vip");
        bench.done(bench.connection.updateContact(
                id("42"), new JsonObject().put("user_email", "joan@example.com"), true, NO_WAIT));
        bench.loop.advance(5_000);
        assertThat(bench.crm.people).containsOnlyKeys("43");
        String operation = delete(id("43"));
        bench.loop.advance(5_000);
        assertThat(bench.crm.people).isEmpty();
        mirrorIsUp();
        bench.loop.advance(60_000);
        assertThat(mirrored(operation).state()).isEqualTo(ChangeState.DELIVERED);
    }

    @Test
    void aContactThatHasNoAddressIsDeletedInTheMainCrmAlone() {
        bench.crm.add("44", "none@example.com").fields.clear();
        String operation = delete(id("44"));
        bench.loop.advance(5_000);
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.crm.people).containsOnlyKeys("42");
        assertThat(mirrored(operation).state()).isEqualTo(ChangeState.DEAD);
        assertThat(second.people).containsOnlyKeys("m7");
    }

    @Test
    void aContactThatTheMainCrmRefusesToShowIsDeletedThereAllTheSame() {
        bench.crm.failures = () ->
                bench.crm.calls.get(bench.crm.calls.size() - 1).startsWith("load_contact")
                        ? CrmException.of(CrmException.Kind.INVALID, "archived", 422)
                        : null;
        String operation = delete(id("42"));
        bench.loop.advance(5_000);
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.crm.people).isEmpty();
    }

    @Test
    void aDeletionWaitsWhileTheStoreCannotWriteTheAddressDown() {
        mirrorIsDown();
        String operation = delete(id("42"));
        bench.store.failing = true;
        bench.loop.advance(5_000);
        assertThat(bench.crm.people).containsOnlyKeys("42");
        bench.store.failing = false;
        bench.loop.advance(60_000);
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DELIVERED);
        mirrorIsUp();
        bench.loop.advance(60_000);
        assertThat(second.people).isEmpty();
    }

    @Test
    void whatTheMirrorHasNotDoneWhenItDeletesTheContactDoesNotCreateItAnew() {
        bench.crm.failures = () -> CrmException.unavailable("down", 500);
        String tagged = bench.apply(id("42"), "vip").operation();
        bench.loop.advance(1_000);
        delete(email("jane@example.com"));
        bench.loop.advance(5_000);
        assertThat(second.people).isEmpty();
        bench.crm.failures = () -> null;
        bench.loop.advance(600_000);
        assertThat(bench.crm.people).isEmpty();
        assertThat(mirrored(tagged).state()).isEqualTo(ChangeState.DEAD);
        assertThat(second.people).isEmpty();
    }
}
