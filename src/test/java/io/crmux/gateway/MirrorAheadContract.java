package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;
import static io.crmux.gateway.Bench.ref;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.CrmException;
import io.crmux.store.ChangeState;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of address that a mirror has and the main CRM has not: what follows goes by an address that the mirror's contact has no more. */
abstract class MirrorAheadContract extends MirroredContact {

    MirrorAheadContract(Bench bench) {
        super(bench);
    }

    private static final List<String> WRITES =
            List.of("update_contact", "apply_tags", "remove_tags", "delete_contact", "add_contact");

    private void mainRefusesWrites(CrmException failure) {
        bench.crm.failures = () -> {
            String call = bench.crm.calls.get(bench.crm.calls.size() - 1);
            return WRITES.stream().anyMatch(call::startsWith) ? failure : null;
        };
    }

    private void mainTakesNoWrites() {
        mainRefusesWrites(CrmException.unavailable("down", 500));
    }

    private void mainIsUp() {
        bench.crm.failures = () -> null;
        bench.loop.advance(600_000);
    }

    private String move(ContactRef contact, String newAddress) {
        JsonObject fields = new JsonObject().put("user_email", newAddress);
        return bench.done(bench.connection.updateContact(contact, fields, true, NO_WAIT))
                .operation();
    }

    private void theMirrorIsAhead(ContactRef contact) {
        mainTakesNoWrites();
        move(contact, "joan@example.com");
        bench.loop.advance(5_000);
        assertThat(bench.crm.person("42").email()).isEqualTo("jane@example.com");
        assertThat(second.person("m7").email()).isEqualTo("joan@example.com");
    }

    /** It is in memory then, and its alias not in the store. */
    private void theMirrorHasReadIt() {
        bench.done(Objects.requireNonNull(bench.mirror).getTags(email("jane@example.com"), Freshness.ANY, Bench.TRACE));
    }

    private void bothHaveOneContact(String address, String... tags) {
        for (ModelCrm crm : List.of(bench.crm, second)) {
            assertThat(crm.people).hasSize(1);
            assertThat(crm.people.values().iterator().next().email()).isEqualTo(address);
            assertThat(crm.people.values().iterator().next().tags).containsExactlyInAnyOrder(tags);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "42,42,true,true",
        "42,42,true,false",
        "42,42,false,true",
        "42,42,false,false",
        "42,jane@example.com,true,false",
        "jane@example.com,jane@example.com,true,false",
        "jane@example.com,jane@example.com,false,false",
        "jane@example.com,42,false,false",
        "jane@example.com,42,false,true"
    })
    void whatFollowsReachesTheMirrorsContact(String moved, String tagged, boolean isKnown, boolean restarts) {
        if (isKnown) {
            bench.tags(email("jane@example.com"));
        }
        theMirrorIsAhead(ref(moved));
        if (restarts) {
            bench.restart();
        }
        bench.apply(ref(tagged), "vip");
        bench.loop.advance(60_000);
        assertThat(second.people).containsOnlyKeys("m7");
        assertThat(second.person("m7").tags).containsExactly("vip");
        mainIsUp();
        bothHaveOneContact("joan@example.com", "vip");
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void whatFollowsReachesItAlsoWhenTheMainCrmHasCaughtUpMeanwhile(boolean restarts, boolean mirrorKnowsIt) {
        bench.tags(email("jane@example.com"));
        if (mirrorKnowsIt) {
            theMirrorHasReadIt();
        }
        theMirrorIsAhead(id("42"));
        mirrorIsDown();
        bench.apply(id("42"), "vip");
        bench.loop.advance(5_000);
        mainIsUp();
        if (restarts) {
            bench.restart();
        }
        mirrorIsUp();
        bench.loop.advance(600_000);
        bothHaveOneContact("joan@example.com", "vip");
    }

    @Test
    void aMainConnectionThatHasForgottenTheNewAddressAsksForIt() {
        bench.tags(email("jane@example.com"));
        theMirrorIsAhead(id("42"));
        mirrorIsDown();
        bench.apply(id("42"), "vip");
        mainIsUp();
        bench.memory().addresses().drop("42");
        mirrorIsUp();
        bench.loop.advance(600_000);
        bothHaveOneContact("joan@example.com", "vip");
    }

    @Test
    void aMainCrmThatNeverTellsTheAddressKeepsNothingBack() {
        bench.tags(email("jane@example.com"));
        second.people.clear();
        mirrorIsDown();
        bench.apply(id("42"), "vip");
        bench.loop.advance(5_000);
        bench.memory().addresses().drop("42");
        bench.crm.failures = () -> CrmException.of(CrmException.Kind.INVALID, "archived", 422);
        mirrorIsUp();
        bench.loop.advance(600_000);
        assertThat(personOf("jane@example.com").tags).containsExactly("vip");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRestartForgetsTheNewAddressInNeither(boolean idsChangeWithAddresses) {
        bench.crm.idOfAddress = address -> idsChangeWithAddresses ? "43" : null;
        theMirrorHasReadIt();
        bench.apply(email("jane@example.com"), "first");
        bench.loop.advance(5_000);
        theMirrorIsAhead(id("42"));
        mainIsUp();
        bench.restart();
        bench.apply(id("42"), "vip");
        bench.loop.advance(5_000);
        bothHaveOneContact("joan@example.com", "first", "vip");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSecondChangeOfAddressFollowsTheFirst(boolean mirrorIsAheadOfBoth) {
        bench.tags(email("jane@example.com"));
        theMirrorIsAhead(id("42"));
        if (!mirrorIsAheadOfBoth) {
            mirrorIsDown();
        }
        move(id("42"), "jill@example.com");
        bench.loop.advance(5_000);
        bench.apply(id("42"), "vip");
        bench.loop.advance(5_000);
        mirrorIsUp();
        bench.loop.advance(60_000);
        assertThat(second.people).containsOnlyKeys("m7");
        assertThat(second.person("m7").email()).isEqualTo("jill@example.com");
        assertThat(second.person("m7").tags).containsExactly("vip");
        mainIsUp();
        bothHaveOneContact("jill@example.com", "vip");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDeletionReachesIt(boolean restarts) {
        bench.tags(email("jane@example.com"));
        theMirrorIsAhead(id("42"));
        if (restarts) {
            bench.restart();
        }
        String operation =
                bench.done(bench.connection.deleteContact(id("42"), NO_WAIT)).operation();
        bench.loop.advance(60_000);
        assertThat(second.people).isEmpty();
        assertThat(mirrored(operation).state()).isEqualTo(ChangeState.DELIVERED);
        mainIsUp();
        assertThat(bench.crm.people).isEmpty();
    }

    @Test
    void whoeverGetsTheOldAddressAfterwardsIsSomebodyElse() {
        bench.tags(email("jane@example.com"));
        theMirrorIsAhead(id("42"));
        mainIsUp();
        bench.done(bench.add("jane@example.com", 10_000, "new"));
        bench.loop.advance(60_000);
        for (ModelCrm crm : List.of(bench.crm, second)) {
            assertThat(crm.people).hasSize(2);
            assertThat(crm.people.values()).anySatisfy(person -> {
                assertThat(person.email()).isEqualTo("jane@example.com");
                assertThat(person.tags).containsExactly("new");
            });
        }
        assertThat(second.person("m7").email()).isEqualTo("joan@example.com");
    }

    @Test
    void whereTheMainCrmRefusesTheNewAddressForGoodTheContactGoesByTheOldOne() {
        bench.tags(email("jane@example.com"));
        theMirrorIsAhead(id("42"));
        mainRefusesWrites(CrmException.of(CrmException.Kind.INVALID, "somebody else's", 422));
        bench.loop.advance(60_000);
        bench.crm.failures = () -> null;
        bench.apply(id("42"), "vip");
        bench.loop.advance(60_000);
        assertThat(bench.crm.person("42").tags).containsExactly("vip");
        assertThat(second.person("m7").tags).isEmpty();
        assertThat(personOf("jane@example.com").tags).containsExactly("vip");
    }

    @Test
    void whereTheMirrorHasRefusedTheNewAddressTheContactGoesByTheOldOne() {
        bench.tags(email("jane@example.com"));
        second.add("m8", "joan@example.com");
        second.failures = () -> second.count("update_contact") > 0
                ? CrmException.of(CrmException.Kind.INVALID, "somebody else's", 422)
                : null;
        mainTakesNoWrites();
        String operation = move(id("42"), "joan@example.com");
        bench.loop.advance(5_000);
        assertThat(mirrored(operation).state()).isEqualTo(ChangeState.DEAD);
        second.failures = () -> null;
        bench.apply(id("42"), "vip");
        bench.loop.advance(60_000);
        assertThat(second.person("m7").tags).containsExactly("vip");
        assertThat(second.person("m8").tags).isEmpty();
    }

    private ModelCrm.Person personOf(String address) {
        return second.people.values().stream()
                .filter(person -> address.equals(person.email()))
                .findAny()
                .orElseThrow();
    }
}
