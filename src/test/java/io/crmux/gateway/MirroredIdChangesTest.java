package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;
import static io.crmux.gateway.Bench.ref;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A main CRM that makes ids of addresses: what waits in a mirror was accepted under several ids of one contact. */
class MirroredIdChangesTest extends MirroredContact {

    @BeforeEach
    void idsAreMadeOfAddresses() {
        bench.crm.idOfAddress = address -> address == null || address.startsWith("jane@")
                ? "42"
                : "id-of-" + address.substring(0, address.indexOf('@'));
    }

    private void move(String id, String newAddress) {
        JsonObject fields = new JsonObject().put("user_email", newAddress);
        bench.done(bench.connection.updateContact(id(id), fields, true, NO_WAIT));
        bench.loop.advance(5_000);
    }

    private void apply(ContactRef contact, String tag) {
        bench.apply(contact, tag);
        bench.loop.advance(5_000);
    }

    private void theMirrorIsUpAndHas(String address, String... tags) {
        mirrorIsUp();
        bench.loop.advance(600_000);
        assertThat(second.people).containsOnlyKeys("m7");
        assertThat(second.person("m7").email()).isEqualTo(address);
        assertThat(second.person("m7").tags).containsExactlyInAnyOrder(tags);
    }

    @ParameterizedTest
    @CsvSource({
        "42,true",
        "42,false",
        "id-of-joan,true",
        "id-of-joan,false",
        "joan@example.com,true",
        "joan@example.com,false"
    })
    void whatFollowsAChangeOfIdIsBehindIt(String tagged, boolean restarts) {
        mirrorIsDown();
        move("42", "joan@example.com");
        assertThat(bench.crm.people).containsOnlyKeys("id-of-joan");
        apply(ref(tagged), "vip");
        if (restarts) {
            bench.restart();
        }
        theMirrorIsUpAndHas("joan@example.com", "vip");
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void severalChangesOfIdStayInOrder(boolean isKnown, boolean restarts) {
        if (isKnown) {
            bench.tags(email("jane@example.com"));
        }
        mirrorIsDown();
        apply(id("42"), "first");
        move("42", "joan@example.com");
        bench.remove(id("id-of-joan"), "first");
        bench.loop.advance(5_000);
        if (restarts) {
            bench.restart();
        }
        move("id-of-joan", "jill@example.com");
        apply(id("id-of-jill"), "last");
        apply(id("42"), "vip");
        theMirrorIsUpAndHas("jill@example.com", "last", "vip");
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true", "false,false"})
    void aContactThatGetsItsFirstAddressBackIsTheSame(boolean restarts, boolean restartsAgain) {
        mirrorIsDown();
        move("42", "joan@example.com");
        apply(id("id-of-joan"), "a");
        move("id-of-joan", "jane@example.com");
        if (restarts) {
            bench.restart();
        }
        bench.remove(id("42"), "a");
        move("42", "jill@example.com");
        if (restartsAgain) {
            bench.restart();
        }
        apply(id("id-of-jill"), "vip");
        theMirrorIsUpAndHas("jill@example.com", "vip");
    }

    @Test
    void whoeverGetsTheIdByTakingTheAddressIsSomebodyElse() {
        move("42", "joan@example.com");
        bench.crm.add("42", "jane@example.com");
        bench.tags(email("jane@example.com"));
        theFirstIdIsAnotherContacts();
    }

    @Test
    void whoeverGetsTheIdByAChangeOfAddressIsSomebodyElse() {
        bench.crm.add("id-of-kim", "kim@example.com");
        second.add("m8", "kim@example.com");
        move("42", "joan@example.com");
        move("id-of-kim", "jane@example.com");
        theFirstIdIsAnotherContacts();
    }

    /** Neither address is known when they are written to, so that in the mirror they are known by their ids alone. */
    private void theFirstIdIsAnotherContacts() {
        assertThat(bench.crm.people).containsOnlyKeys("42", "id-of-joan");
        mirrorIsDown();
        bench.memory().addresses().drop("42");
        bench.memory().addresses().drop("id-of-joan");
        bench.apply(id("42"), "new");
        bench.apply(id("id-of-joan"), "old");
        mirrorIsUp();
        bench.loop.advance(600_000);
        assertThat(second.people).hasSize(2);
        assertThat(second.person("m7").tags).containsExactly("old");
        assertThat(second.people.values())
                .filteredOn(person -> "jane@example.com".equals(person.email()))
                .singleElement()
                .satisfies(person -> assertThat(person.tags).containsExactly("new"));
    }

    @ParameterizedTest
    @CsvSource({"42,true", "42,false", "id-of-joan,true", "id-of-joan,false"})
    void whoeverGetsOneOfItsFormerIdsIsSomebodyElse(String reused, boolean restarts) {
        String address = reused.equals("42") ? "jane@example.com" : "joan@example.com";
        mirrorIsDown();
        apply(id("42"), "first");
        move("42", "joan@example.com");
        apply(id("id-of-joan"), "second");
        move("id-of-joan", "jill@example.com");
        if (restarts) {
            bench.restart();
        }
        bench.crm.add(reused, address);
        bench.tags(email(address));
        apply(id(reused), "new");
        if (restarts) {
            bench.restart();
        }
        apply(id(reused), "newer");
        apply(id(reused.equals("42") ? "id-of-joan" : "42"), "third");
        apply(id("id-of-jill"), "last");
        assertThat(bench.crm.person("id-of-jill").tags).containsExactly("first", "second", "third", "last");
        assertThat(bench.crm.person(reused).tags).containsExactly("new", "newer");
        mirrorIsUp();
        bench.loop.advance(600_000);
        assertThat(second.people).hasSize(2);
        assertThat(second.person("m7").email()).isEqualTo("jill@example.com");
        assertThat(second.person("m7").tags).containsExactlyInAnyOrder("first", "second", "third", "last");
        assertThat(second.people.values())
                .filteredOn(person -> address.equals(person.email()))
                .singleElement()
                .satisfies(person -> assertThat(person.tags).containsExactly("new", "newer"));
    }
}
