package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;
import static io.crmux.gateway.Bench.ref;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.CrmException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of address that the main CRM has and a mirror has not: an address is one contact's there, and already another's in the main CRM. */
abstract class MirrorBehindContract extends MirroredContact {

    private static final List<String> WRITES = List.of("update_contact", "apply_tags", "remove_tags", "add_contact");

    MirrorBehindContract(Bench bench) {
        super(bench);
    }

    private void refuses(ModelCrm crm, List<String> calls) {
        crm.failures = () -> {
            String call = crm.calls.get(crm.calls.size() - 1);
            return calls.stream().anyMatch(call::startsWith) ? CrmException.unavailable("down", 500) : null;
        };
    }

    private void mainIsUp() {
        bench.crm.failures = () -> null;
    }

    private void move(String contact, String newAddress) {
        JsonObject fields = new JsonObject().put("user_email", newAddress);
        bench.done(bench.connection.updateContact(ref(contact), fields, true, NO_WAIT));
        bench.loop.advance(5_000);
    }

    private void apply(String contact, String tag) {
        bench.apply(ref(contact), tag);
        bench.loop.advance(5_000);
    }

    private void restart(boolean restarts) {
        if (restarts) {
            bench.restart();
        }
    }

    private void theMirrorIsUp() {
        mirrorIsUp();
        bench.loop.advance(600_000);
    }

    private void theMirrorStopsBehindTheChange(boolean restarts) {
        refuses(second, List.of("apply_tags", "add_contact"));
        bench.loop.advance(60_000);
        restart(restarts);
        theMirrorIsUp();
    }

    private static TreeMap<String, Set<String>> tagsByAddress(ModelCrm crm) {
        TreeMap<String, Set<String>> tags = new TreeMap<>();
        crm.people.values().forEach(person -> tags.put(String.valueOf(person.email()), Set.copyOf(person.tags)));
        assertThat(tags).as("addresses").hasSameSizeAs(crm.people.values());
        return tags;
    }

    private void bothHave(String... addressesAndTags) {
        TreeMap<String, Set<String>> expected = new TreeMap<>();
        for (String one : addressesAndTags) {
            List<String> words = List.of(one.split(" "));
            expected.put(words.get(0) + "@example.com", Set.copyOf(words.subList(1, words.size())));
        }
        assertThat(tagsByAddress(bench.crm)).as("main").isEqualTo(expected);
        assertThat(tagsByAddress(second)).as("mirror").isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "42,true,true",
        "42,true,false",
        "42,false,true",
        "42,false,false",
        "jane@example.com,true,false",
        "jane@example.com,false,true",
        "jane@example.com,false,false"
    })
    void whoeverGetsTheOldAddressIsSomebodyElse(String moved, boolean isKnown, boolean restarts) {
        if (isKnown) {
            bench.tags(email("jane@example.com"));
        }
        mirrorIsDown();
        apply(moved, "before");
        move(moved, "joan@example.com");
        bench.done(bench.add("jane@example.com", 10_000, "new"));
        apply("42", "vip");
        apply("jane@example.com", "more");
        restart(restarts);
        apply("100", "last");
        theMirrorIsUp();
        bothHave("jane new more last", "joan before vip");
        assertThat(second.person("m7").email()).isEqualTo("joan@example.com");
    }

    /** Its id is known only when the address is another one already. */
    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void whoeverGetsTheAddressThatSomebodyWasAddedWithIsSomebodyElse(boolean atOnce, boolean restarts) {
        mirrorIsDown();
        if (atOnce) {
            refuses(bench.crm, WRITES);
        }
        bench.done(bench.add("john@example.com", 0, "first"));
        move("john@example.com", "johnny@example.com");
        mainIsUp();
        bench.loop.advance(120_000);
        bench.done(bench.add("john@example.com", 10_000, "second"));
        apply("john@example.com", "more");
        apply("johnny@example.com", "last");
        restart(restarts);
        theMirrorIsUp();
        bothHave("jane", "john second more", "johnny first last");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoeverGetsItIsSomebodyElseAlsoWhereTheMirrorStopsBehindTheChange(boolean restarts) {
        bench.tags(email("jane@example.com"));
        mirrorIsDown();
        move("42", "joan@example.com");
        bench.done(bench.add("jane@example.com", 10_000, "new"));
        apply("42", "vip");
        theMirrorStopsBehindTheChange(restarts);
        bothHave("jane new", "joan vip");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWasWrittenUnderTheOldAddressBeforeTheMainCrmHadChangedItIsTheFirstOnes(boolean restarts) {
        bench.tags(email("jane@example.com"));
        mirrorIsDown();
        refuses(bench.crm, WRITES);
        move("42", "joan@example.com");
        apply("42", "vip");
        mainIsUp();
        bench.loop.advance(60_000);
        bench.done(bench.add("jane@example.com", 10_000, "new"));
        bench.loop.advance(5_000);
        theMirrorStopsBehindTheChange(restarts);
        bothHave("jane new", "joan vip");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAddressPassesFromHandToHand(boolean restarts) {
        bench.tags(email("jane@example.com"));
        mirrorIsDown();
        move("42", "joan@example.com");
        bench.done(bench.add("jane@example.com", 10_000, "second"));
        move("100", "jill@example.com");
        restart(restarts);
        bench.done(bench.add("jane@example.com", 10_000, "third"));
        apply("100", "b");
        apply("42", "a");
        apply("jane@example.com", "c");
        theMirrorIsUp();
        bothHave("jane third c", "jill second b", "joan a");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void twoContactsExchangeTheirAddresses(boolean restarts) {
        bench.crm.add("43", "kim@example.com");
        second.add("m8", "kim@example.com");
        mirrorIsDown();
        move("42", "joan@example.com");
        move("43", "jane@example.com");
        restart(restarts);
        move("42", "kim@example.com");
        apply("43", "b");
        apply("42", "a");
        apply("jane@example.com", "bb");
        apply("kim@example.com", "aa");
        theMirrorIsUp();
        bothHave("jane b bb", "kim a aa");
        assertThat(second.person("m7").email()).isEqualTo("kim@example.com");
    }

    @ParameterizedTest
    @CsvSource({"42,true,true", "42,true,false", "42,false,true", "42,false,false", "jane@example.com,false,false"})
    void whatIsWrittenUnderTheNewAddressBeforeAnybodyHasItFollowsTheChange(
            String moved, boolean mirrorIsFirst, boolean restarts) {
        bench.tags(email("jane@example.com"));
        mirrorIsDown();
        refuses(bench.crm, WRITES);
        move(moved, "joan@example.com");
        apply("joan@example.com", "vip");
        bench.remove(id("42"), "vip");
        apply("joan@example.com", "last");
        restart(restarts);
        if (mirrorIsFirst) {
            mirrorIsUp();
            bench.loop.advance(10_000);
            mainIsUp();
        } else {
            mainIsUp();
            bench.loop.advance(20_000);
        }
        theMirrorIsUp();
        assertThat(second.people).containsOnlyKeys("m7");
        assertThat(second.person("m7").email()).isEqualTo("joan@example.com");
        assertThat(second.person("m7").tags).containsExactly("last");
    }

    @Test
    void whatIsWrittenUnderTheNewAddressIsWhosItIsWhereTheMirrorRefusesTheChange() {
        bench.tags(email("jane@example.com"));
        second.add("m8", "joan@example.com");
        mirrorIsDown();
        move("42", "joan@example.com");
        bench.memory().ids().drop(Address.parse("joan@example.com").orElseThrow());
        apply("joan@example.com", "vip");
        second.failures = () -> second.calls.get(second.calls.size() - 1).startsWith("update_contact")
                ? CrmException.of(CrmException.Kind.INVALID, "somebody else's", 422)
                : null;
        bench.loop.advance(600_000);
        assertThat(second.person("m8").tags).containsExactly("vip");
        assertThat(second.person("m7").tags).isEmpty();
        assertThat(second.people).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"42,true", "42,false", "jane@example.com,true", "jane@example.com,false"})
    void whatWasWrittenUnderTheOldAddressReachesAContactThatTheMirrorHasMoved(String moved, boolean restarts) {
        refuses(bench.crm, WRITES);
        move(moved, "joan@example.com");
        assertThat(second.person("m7").email()).isEqualTo("joan@example.com");
        mirrorIsDown();
        bench.memory().ids().drop(Address.parse("jane@example.com").orElseThrow());
        bench.memory().addresses().drop("42");
        apply("jane@example.com", "vip");
        mainIsUp();
        bench.loop.advance(60_000);
        theMainCrmHas("joan@example.com", "vip");
        restart(restarts);
        theMirrorIsUp();
        bothHave("joan vip");
    }

    private void theMainCrmHas(String address, String tag) {
        assertThat(bench.crm.person("42").email()).isEqualTo(address);
        assertThat(bench.crm.person("42").tags).containsExactly(tag);
    }
}
