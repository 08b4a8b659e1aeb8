package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.CrmException;
import io.crmux.store.ChangeState;
import io.vertx.core.json.JsonObject;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of address by id: the mirror knows the contact by the address before, which the main CRM does not know any more afterwards. */
class MirroredAddressChangesTest extends MirroredContact {

    private String move(String newAddress) {
        JsonObject fields = new JsonObject().put("user_email", newAddress);
        return bench.done(bench.connection.updateContact(id("42"), fields, true, NO_WAIT))
                .operation();
    }

    private void theMirrorHasMoved(String operation) {
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.crm.person("42").email()).isEqualTo("joan@example.com");
        assertThat(second.people).containsOnlyKeys("m7");
        assertThat(second.person("m7").email()).isEqualTo("joan@example.com");
        assertThat(mirrored(operation).state()).isEqualTo(ChangeState.DELIVERED);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 5, 100})
    void itMovesTheMirrorsContactHoweverFastTheMainCrmIs(long millis) {
        bench.crm.delay = () -> millis;
        String operation = move("joan@example.com");
        bench.loop.advance(5_000);
        theMirrorHasMoved(operation);
        assertThat(bench.crm.count("load_contact")).isEqualTo(1);
    }

    @Test
    void aMirrorThatIsDownHoldsItNotUpAndGetsItAfterwards() {
        mirrorIsDown();
        String operation = move("joan@example.com");
        bench.loop.advance(5_000);
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DELIVERED);
        mirrorIsUp();
        bench.loop.advance(60_000);
        theMirrorHasMoved(operation);
    }

    @Test
    void aMirrorThatIsDownGetsItAfterARestart() {
        mirrorIsDown();
        String operation = move("joan@example.com");
        bench.loop.advance(5_000);
        bench.restart();
        mirrorIsUp();
        bench.loop.advance(60_000);
        theMirrorHasMoved(operation);
    }

    @Test
    void aRestartAfterTheMainCrmHasLostItsAnswerTakesTheAddressBefore() {
        mirrorIsDown();
        bench.crm.losses = () -> bench.crm.count("update_contact") > 0
                ? CrmException.unanswered(CrmException.Kind.TIMEOUT, "no answer in time", true)
                : null;
        String operation = move("joan@example.com");
        bench.loop.advance(1_000);
        assertThat(bench.crm.person("42").email()).isEqualTo("joan@example.com");
        bench.restart();
        bench.crm.losses = () -> null;
        bench.loop.advance(60_000);
        mirrorIsUp();
        bench.loop.advance(60_000);
        theMirrorHasMoved(operation);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatFollowsByIdFollowsInTheMirror(boolean restarts) {
        whatFollowsDoesSoInTheMirror(id("42"), restarts);
    }

    private void whatFollowsDoesSoInTheMirror(ContactRef contact, boolean restarts) {
        mirrorIsDown();
        String operation = move("joan@example.com");
        bench.loop.advance(5_000);
        bench.apply(contact, "vip");
        bench.loop.advance(5_000);
        if (restarts) {
            bench.restart();
        }
        mirrorIsUp();
        bench.loop.advance(60_000);
        theMirrorHasMoved(operation);
        assertThat(second.person("m7").tags).containsExactly("vip");
    }

    @Test
    void itIsNotSentWithChangesThatWereBegunBeforeItCame() {
        Bench tagged = Bench.mirroredWhereTagsAreCreated();
        ModelCrm mirror = Objects.requireNonNull(tagged.mirrorCrm);
        tagged.crm.delay = () -> 100;
        tagged.crm.add("42", "jane@example.com");
        mirror.add("m7", "jane@example.com");
        mirror.failures = () -> CrmException.unavailable("down", 500);
        tagged.apply(id("42"), "vip");
        while (tagged.crm.count("add_tag") == 0) {
            tagged.loop.advance(1);
        }
        tagged.done(tagged.connection.updateContact(
                id("42"), new JsonObject().put("user_email", "joan@example.com"), true, NO_WAIT));
        tagged.loop.advance(5_000);
        assertThat(tagged.crm.person("42").email()).isEqualTo("joan@example.com");
        tagged.restart();
        mirror.failures = () -> null;
        tagged.loop.advance(60_000);
        assertThat(mirror.people).containsOnlyKeys("m7");
        assertThat(mirror.person("m7").email()).isEqualTo("joan@example.com");
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void whatFollowsUnderTheNewAddressFollowsInTheMirror(boolean isKnown, boolean restarts) {
        if (isKnown) {
            bench.tags(email("jane@example.com"));
        }
        whatFollowsDoesSoInTheMirror(email("joan@example.com"), restarts);
    }

    @Test
    void aContactThatTheMirrorHasNotIsCreatedUnderItsNewAddress() {
        second.people.clear();
        move("joan@example.com");
        bench.loop.advance(5_000);
        assertThat(second.people.values())
                .singleElement()
                .satisfies(person -> assertThat(person.email()).isEqualTo("joan@example.com"));
    }

    @Test
    void itWaitsWhileTheStoreCannotWriteTheAddressDown() {
        mirrorIsDown();
        String operation = move("joan@example.com");
        bench.store.failing = true;
        bench.loop.advance(5_000);
        assertThat(bench.crm.person("42").email()).isEqualTo("jane@example.com");
        bench.store.failing = false;
        bench.loop.advance(60_000);
        mirrorIsUp();
        bench.loop.advance(60_000);
        theMirrorHasMoved(operation);
    }

    @Test
    void whoHasTheFormerAddressInTheMirrorAlreadyIsNotTakenForTheContact() {
        bench.apply(email("jane@example.com"), "customer");
        bench.loop.advance(5_000);
        bench.crm.failures = () -> CrmException.unavailable("down", 500);
        second.failures = () -> second.calls.get(second.calls.size() - 1).startsWith("apply_tags")
                ? CrmException.unavailable("down", 500)
                : null;
        bench.done(bench.add("june@example.com", 0, "another"));
        move("joan@example.com");
        bench.loop.advance(60_000);
        bench.done(bench.connection.updateContact(
                email("june@example.com"), new JsonObject().put("user_email", "jane@example.com"), true, NO_WAIT));
        bench.loop.advance(600_000);
        bench.restart();
        bench.apply(id("42"), "own");
        bench.crm.failures = () -> null;
        mirrorIsUp();
        bench.loop.advance(600_000);
        assertThat(second.person("m7").email()).isEqualTo("joan@example.com");
        assertThat(second.person("m7").tags).contains("own").doesNotContain("another");
        assertThat(second.person("100").email()).isEqualTo("jane@example.com");
        assertThat(second.person("100").tags).containsExactly("another");
    }
}
