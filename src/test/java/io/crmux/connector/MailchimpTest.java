package io.crmux.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.connector.fake.FakeMailchimp;
import io.crmux.connector.kit.Bench;
import io.crmux.crm.Batch;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Outcome;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is peculiar to Mailchimp. */
class MailchimpTest {

    private final Vertx vertx = Vertx.vertx();
    private final FakeMailchimp fake = new FakeMailchimp(vertx);
    private final Crm crm = Bench.open(
            vertx,
            new Mailchimp(),
            Map.of("url", fake.url(), "key", FakeMailchimp.KEY, "list", FakeMailchimp.LIST, "optin", "false"));

    @AfterEach
    void close() {
        fake.close();
        vertx.close().await();
    }

    private JsonObject member(String email) {
        return Objects.requireNonNull(fake.member(email));
    }

    @Test
    void tagsOnAndOffAreOneCallWithoutALookUp() {
        fake.add("jane@example.com", "old");
        Batch batch = new Batch(
                1,
                new Contact(null, "Jane@example.com"),
                false,
                false,
                Map.of(),
                Set.of(Tag.named("old")),
                Set.of(Tag.named("new"), Tag.named("gold")),
                List.of());
        Outcome outcome = crm.deliver(Bench.call(), List.of(batch)).await().get(0);
        assertThat(fake.calls()).hasSize(1);
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Done.class,
                        done -> assertThat(done.contact().id())
                                .isEqualTo(member("jane@example.com").getString("id")));
    }

    @Test
    void theIdChangesWithTheAddress() {
        String id = fake.add("jane@example.com", "vip");
        Contact changed = crm.updateContact(
                        Bench.call(),
                        new Contact(id, "jane@example.com"),
                        Map.of("email_address", Value.text("jane@example.org")))
                .await();
        assertThat(changed.id()).isNotEqualTo(id);
        assertThat(crm.getTags(Bench.call(), changed).await())
                .extracting(Tag::name)
                .containsExactly("vip");
    }

    @Test
    void whoLeftIsNotSubscribedAgain() {
        fake.add("jane@example.com");
        fake.status("jane@example.com", "unsubscribed");
        crm.addContact(Bench.call(), Map.of("email_address", Value.text("jane@example.com")))
                .await();
        assertThat(member("jane@example.com").getString("status")).isEqualTo("unsubscribed");
    }

    @Test
    void whoIsArchivedIsBroughtBack() {
        fake.add("jane@example.com");
        fake.status("jane@example.com", "archived");
        assertThat(crm.getContactId(Bench.call(), "jane@example.com").await()).isEmpty();
        crm.addContact(Bench.call(), Map.of("email_address", Value.text("jane@example.com")))
                .await();
        assertThat(member("jane@example.com").getString("status")).isEqualTo("subscribed");
    }

    @Test
    void partsOfAnAddressAreMergedAndAnUnfinishedOneIsLeftOut() {
        Contact jane = new Contact(fake.add("jane@example.com"), null);
        crm.updateContact(Bench.call(), jane, Map.of("ADDRESS+city", Value.text("Ghent"), "FNAME", Value.text("Jane")))
                .await();
        assertThat(member("jane@example.com").getJsonObject("merge_fields").getValue("ADDRESS"))
                .isEqualTo("");
        crm.updateContact(
                        Bench.call(),
                        jane,
                        Map.of(
                                "ADDRESS+addr1", Value.text("1 St"),
                                "ADDRESS+city", Value.text("Ghent"),
                                "ADDRESS+state", Value.text("OVL"),
                                "ADDRESS+zip", Value.text("9000")))
                .await();
        crm.updateContact(Bench.call(), jane, Map.of("ADDRESS+city", Value.text("Bruges")))
                .await();
        assertThat(crm.loadContact(Bench.call(), jane).await().fields())
                .containsEntry("ADDRESS+addr1", Value.text("1 St"))
                .containsEntry("ADDRESS+city", Value.text("Bruges"));
    }

    @Test
    void aDayIsWrittenAsItsFieldWantsIt() {
        Contact jane = new Contact(fake.add("jane@example.com"), null);
        Value day = new Value.Day(LocalDate.of(1980, 5, 17));
        crm.updateContact(Bench.call(), jane, Map.of("BIRTHDAY", day, "JOINED", day))
                .await();
        JsonObject merges = member("jane@example.com").getJsonObject("merge_fields");
        assertThat(merges.getString("BIRTHDAY")).isEqualTo("05/17");
        assertThat(merges.getString("JOINED")).isEqualTo("1980-05-17");
    }

    @Test
    void aCursorOfSomebodyElseIsRefused() {
        fake.add("jane@example.com", "vip");
        assertThatThrownBy(() -> crm.loadContacts(Bench.call(), Tag.named("vip"), 10, "nonsense")
                        .await())
                .isInstanceOfSatisfying(
                        CrmException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(CrmException.Kind.MALFORMED));
    }

    @Test
    void theKeyTellsTheHost() {
        assertThat(Bench.hostOf(new Mailchimp(), Map.of("key", "abc-us21", "list", "l", "optin", "false")))
                .isEqualTo("https://us21.api.mailchimp.com");
        assertThat(Bench.hostOf(new Mailchimp(), Map.of("key", "abc-evil.example/", "list", "l", "optin", "false")))
                .isEqualTo("https://us1.api.mailchimp.com");
    }
}
