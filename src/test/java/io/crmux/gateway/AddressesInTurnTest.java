package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.CrmException;
import io.crmux.crm.Traits;
import io.crmux.store.ChangeState;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of address that wait while the CRM is down: what is accepted after them is meant for whoever has an address then. */
class AddressesInTurnTest {

    private static final String JANE = "jane@example.com";
    private static final String JOAN = "joan@example.com";

    private final Bench bench = Bench.plain();

    @BeforeEach
    void jane() {
        bench.crm.add("42", JANE, "customer");
        bench.tags(email(JANE));
        bench.crm.failures = () -> CrmException.unavailable("down", 500);
    }

    private String move(ContactRef contact, String to) {
        return bench.done(
                        bench.connection.updateContact(contact, new JsonObject().put("user_email", to), true, NO_WAIT))
                .operation();
    }

    private String add(String address, String tag) {
        return bench.done(bench.add(address, 0, tag)).operation();
    }

    private void theCrmIsUp() {
        bench.crm.failures = () -> null;
        bench.loop.advance(120_000);
    }

    private void restart(boolean restarts) {
        if (restarts) {
            bench.restart();
        }
    }

    private void has(String id, String address, String... tags) {
        assertThat(bench.crm.person(id).email()).isEqualTo(address);
        assertThat(bench.crm.person(id).tags).containsExactlyInAnyOrder(tags);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoIsAddedWithTheFormerAddressIsAnother(boolean restarts) {
        move(id("42"), JOAN);
        add(JANE, "second");
        bench.apply(email(JANE), "third");
        bench.apply(id("42"), "own");
        restart(restarts);
        theCrmIsUp();
        has("42", JOAN, "customer", "own");
        has("100", JANE, "second", "third");
        assertThat(bench.crm.people).hasSize(2);
    }

    @Test
    void itsFateNamesItsAddressAndWhomItWaitsFor() {
        move(id("42"), JOAN);
        String operation = add(JANE, "second");
        bench.loop.advance(5_000);
        Fate fate = bench.done(bench.connection.operation(operation));
        assertThat(fate.contact()).isEqualTo("email:" + JANE);
        assertThat(fate.waitingFor()).isEqualTo("another contact, which still has the address that this one is to get");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whereTheChangeOfAddressIsRefusedItIsTheContactItself(boolean restarts) {
        String move = move(id("42"), JOAN);
        add(JANE, "second");
        restart(restarts);
        bench.crm.failures = () ->
                bench.crm.calls.get(bench.crm.calls.size() - 1).equals("update_contact 42")
                                && bench.crm.count("apply_tags") == 0
                        ? CrmException.of(CrmException.Kind.INVALID, "taken", 422)
                        : null;
        bench.loop.advance(120_000);
        assertThat(bench.state(move)).isEqualTo(ChangeState.DEAD);
        theCrmIsUp();
        has("42", JANE, "customer", "second");
        assertThat(bench.crm.people).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsWrittenUnderTheNewAddressIsTheContacts(boolean restarts) {
        bench.crm.failures = () -> null;
        assertThat(bench.connection.getTags(email(JOAN), Freshness.ANY, Bench.TRACE))
                .satisfies(absent -> bench.loop.advance(1_000));
        bench.crm.failures = () -> CrmException.unavailable("down", 500);
        move(id("42"), JOAN);
        bench.apply(email(JOAN), "vip");
        add(JOAN, "again");
        restart(restarts);
        theCrmIsUp();
        has("42", JOAN, "customer", "vip", "again");
        assertThat(bench.crm.people).hasSize(1);
    }

    @Test
    void whatIsWrittenUnderTheNewAddressIsNotTheContactsWhoDoesNotGetIt() {
        String move = move(id("42"), JOAN);
        add(JOAN, "other");
        bench.crm.failures = () ->
                bench.crm.calls.get(bench.crm.calls.size() - 1).startsWith("update_contact")
                        ? CrmException.of(CrmException.Kind.INVALID, "taken", 422)
                        : null;
        bench.loop.advance(120_000);
        assertThat(bench.state(move)).isEqualTo(ChangeState.DEAD);
        has("42", JANE, "customer");
        has("100", JOAN, "other");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneAddressPassesFromHandToHand(boolean restarts) {
        bench.crm.failures = () -> null;
        bench.crm.add("7", JOAN);
        bench.tags(email(JOAN));
        bench.crm.failures = () -> CrmException.unavailable("down", 500);
        move(id("7"), "jo@example.com");
        move(id("42"), JOAN);
        bench.apply(email(JOAN), "jane");
        add(JANE, "new");
        restart(restarts);
        theCrmIsUp();
        has("7", "jo@example.com");
        has("42", JOAN, "customer", "jane");
        has("100", JANE, "new");
    }

    @Test
    void anAdditionWhoseAnswerIsLostIsNotRepeatedSinceTheAddressIsToChange() {
        add("jo@example.com", "new");
        move(email("jo@example.com"), "joe@example.com");
        bench.crm.losses = () -> bench.crm.calls.get(bench.crm.calls.size() - 1).startsWith("add_contact")
                ? CrmException.unanswered(CrmException.Kind.TIMEOUT, "no answer in time", true)
                : null;
        theCrmIsUp();
        has("100", "joe@example.com", "new");
        assertThat(bench.crm.people).hasSize(2);
    }

    @Test
    void whoTellsItsOwnAddressAgainWaitsForNobody() {
        bench.crm.add("7", "jo@example.com");
        bench.crm.failures = () ->
                bench.crm.calls.get(bench.crm.calls.size() - 1).equals("update_contact 7")
                        ? CrmException.unavailable("down", 500)
                        : null;
        move(id("7"), JANE);
        String same = move(id("42"), JANE);
        bench.loop.advance(60_000);
        assertThat(bench.state(same)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.crm.person("7").email()).isEqualTo("jo@example.com");
    }

    @ParameterizedTest
    @EnumSource(Traits.Add.class)
    void aLateIndexOfTheCrmIsNotBelieved(Traits.Add add) {
        Bench late = new Bench(Bench.traits(Duration.ofSeconds(5), Traits.Creation.BY_APPLYING, add), 1);
        late.crm.lag = 4_000;
        late.crm.add("42", JANE);
        late.apply(email(JANE), "customer");
        late.loop.advance(20_000);
        late.done(late.connection.updateContact(id("42"), new JsonObject().put("user_email", JOAN), true, NO_WAIT));
        late.loop.advance(1_000);
        late.done(late.add(JANE, 0, "second"));
        late.loop.advance(60_000);
        assertThat(late.crm.person("42").email()).isEqualTo(JOAN);
        assertThat(late.crm.person("42").tags).containsExactly("customer");
        assertThat(late.crm.person("100").tags).containsExactly("second");
    }

    @Test
    void whatWasDeliveredUnderAnAddressStaysWithItsContactOverARestart() {
        Bench slow =
                new Bench(Bench.traits(Duration.ofSeconds(60), Traits.Creation.BY_APPLYING, Traits.Add.REFUSES), 1);
        slow.crm.add("42", JANE);
        slow.crm.add("43", "jo@example.com");
        moves(slow, "43", JOAN);
        slow.apply(email(JANE), "first");
        slow.loop.advance(2_000);
        moves(slow, "42", "june@example.com");
        moves(slow, "43", JANE);
        slow.crm.failures = () -> CrmException.unavailable("down", 500);
        slow.done(slow.add(JOAN, 0, "second"));
        slow.restart();
        slow.crm.failures = () -> null;
        slow.loop.advance(600_000);
        assertThat(slow.crm.person("42").tags).containsExactly("first");
        assertThat(slow.crm.person("43").email()).isEqualTo(JANE);
        assertThat(slow.crm.person("100").tags).containsExactly("second");
    }

    private static void moves(Bench bench, String id, String to) {
        bench.done(bench.connection.updateContact(id(id), new JsonObject().put("user_email", to), true, NO_WAIT));
        bench.loop.advance(2_000);
    }
}
