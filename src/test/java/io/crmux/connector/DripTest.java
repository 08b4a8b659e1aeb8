package io.crmux.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.connector.fake.FakeDrip;
import io.crmux.connector.kit.Bench;
import io.crmux.crm.Call;
import io.crmux.crm.CombinedChange;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is peculiar to Drip. */
class DripTest {

    private final Vertx vertx = Vertx.vertx();
    private final FakeDrip fake = new FakeDrip(vertx);
    private final Crm crm = Bench.open(
            vertx, new Drip(), Map.of("url", fake.url(), "account", FakeDrip.ACCOUNT, "token", FakeDrip.TOKEN));

    @AfterEach
    void close() {
        fake.close();
        vertx.close().await();
    }

    private static Call call() {
        return Bench.call();
    }

    private static void failsWith(Kind kind, Future<?> future) {
        assertThatThrownBy(future::await)
                .isInstanceOfSatisfying(
                        CrmException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind));
    }

    @Test
    void whatSomebodyUnsubscribedDidNotTakeIsNoSuccess() {
        Contact contact = new Contact(fake.add("left@example.com", "had"), null);
        fake.unsubscribe(contact.requireId());
        crm.applyTags(call(), contact, Set.of(Tag.named("had"))).await();
        failsWith(Kind.INVALID, crm.applyTags(call(), contact, Set.of(Tag.named("vip"))));
        failsWith(Kind.INVALID, crm.removeTags(call(), contact, Set.of(Tag.named("had"))));
    }

    @Test
    void aChangeOfASubscriberIsOneCall() {
        Contact contact = new Contact(fake.add("once@example.com", "had"), null);
        long before = fake.count("");
        ((CombinedChange) crm)
                .change(
                        call(),
                        contact,
                        Map.of("a plan", Value.text("gold")),
                        Set.of(Tag.named("had")),
                        Set.of(Tag.named("vip")))
                .await();
        assertThat(fake.count("")).isEqualTo(before + 1);
        assertThat(crm.getTags(call(), contact).await()).containsExactly(Tag.named("vip"));
        assertThat(crm.loadContact(call(), contact).await().fields()).containsEntry("a_plan", Value.text("gold"));
    }

    @Test
    void anAddressThatStaysIsNotRefusedAsTaken() {
        Contact contact = new Contact(fake.add("stays@example.com"), null);
        fake.add("taken@example.com");
        crm.updateContact(call(), contact, Map.of("email", Value.text("Stays@example.com")))
                .await();
        failsWith(Kind.DUPLICATE, crm.updateContact(call(), contact, Map.of("email", Value.text("taken@example.com"))));
    }

    @Test
    void aTokenForAnotherAccountIsNoneForOurs() {
        Map<String, String> other = Map.of("url", fake.url(), "account", "1", "token", FakeDrip.TOKEN);
        failsWith(Kind.UNAUTHORIZED, Bench.open(vertx, new Drip(), other).connect(call()));
    }

    @Test
    void aCursorOfSomebodyElseIsMalformed() {
        failsWith(Kind.MALFORMED, crm.loadContacts(call(), Tag.of("1", "vip"), 10, "x"));
        assertThat(fake.calls()).isEmpty();
    }
}
