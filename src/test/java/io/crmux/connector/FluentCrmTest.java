package io.crmux.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.connector.fake.FakeCrm.Fault;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeFluentCrm;
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
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is peculiar to FluentCRM. */
class FluentCrmTest {

    private final Vertx vertx = Vertx.vertx();
    private final FakeFluentCrm fake = new FakeFluentCrm(vertx);
    private final Crm crm = open("slug", "subscribed");

    @AfterEach
    void close() {
        fake.close();
        vertx.close().await();
    }

    private Crm open(String format, String status) {
        return Bench.open(
                vertx,
                new FluentCrm(),
                Map.of(
                        "url",
                        fake.url(),
                        "username",
                        FakeFluentCrm.USER,
                        "password",
                        FakeFluentCrm.PASSWORD,
                        "tag_format",
                        format,
                        "default_status",
                        status));
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
    void tagsOnAndOffAreOneCall() {
        Contact contact = new Contact(fake.add("once@example.com", "Trial"), null);
        fake.add("other@example.com", "VIP Customer");
        ((CombinedChange) crm)
                .change(
                        call(),
                        contact,
                        Map.of(),
                        Set.of(Tag.of("trial", "Trial")),
                        Set.of(Tag.of("vip-customer", "VIP Customer")))
                .await();
        assertThat(fake.calls()).hasSize(1);
        assertThat(crm.getTags(call(), contact).await()).containsExactly(Tag.of("vip-customer", "VIP Customer"));
    }

    @Test
    void aTagThatWasSkippedIsNoSuccess() {
        Contact contact = new Contact(fake.add("skipped@example.com"), null);
        failsWith(Kind.INVALID, crm.applyTags(call(), contact, Set.of(Tag.of("never-made", "Never made"))));
    }

    @Test
    void tagsMayBeKnownByTheirIds() {
        Crm byId = open("id", "subscribed");
        Contact contact = new Contact(fake.add("ids@example.com", "VIP"), null);
        Tag tag = byId.syncTags(call()).await().get(0);
        assertThat(tag).isEqualTo(Tag.of("1", "VIP"));
        byId.removeTags(call(), contact, Set.of(tag)).await();
        byId.applyTags(call(), contact, Set.of(tag)).await();
        assertThat(byId.getTags(call(), contact).await()).containsExactly(tag);
        assertThat(byId.loadContacts(call(), tag, 10, null).await().items()).containsExactly(contact.id());
    }

    @Test
    void aPendingContactIsAskedToConfirm() {
        open("slug", "pending")
                .addContact(call(), Map.of("email", Value.text("pending@example.com")))
                .await();
        assertThat(fake.count("POST /wp-json/fluent-crm/v2/subscribers/1/send-double-optin"))
                .isEqualTo(1);
    }

    @Test
    void warningsInFrontOfTheAnswerDoNoHarm() {
        fake.next(new Fault.Instead(new Reply(
                200,
                "text/html",
                "<br />Notice: old function<br />{\"subscriber\":{\"id\":7,\"tags\":[]}}",
                List.of())));
        assertThat(crm.getTags(call(), new Contact("7", null)).await()).isEmpty();
    }

    @Test
    void aPluginThatIsNotActiveIsNoMissingContact() {
        Reply noRoute = Reply.json(404, new JsonObject("{\"code\":\"rest_no_route\",\"data\":{\"status\":404}}"));
        fake.next(new Fault.Instead(noRoute));
        failsWith(Kind.UNAVAILABLE, crm.getTags(call(), new Contact("7", null)));
    }

    @Test
    void anIdThatIsNoNumberIsNobody() {
        failsWith(Kind.NOT_FOUND, crm.getTags(call(), new Contact("0x7", null)));
        failsWith(Kind.NOT_FOUND, crm.applyTags(call(), new Contact("a", null), Set.of(Tag.of("vip", "VIP"))));
        assertThat(fake.calls()).isEmpty();
    }

    @Test
    void aCursorOfSomebodyElseIsInvalid() {
        failsWith(Kind.INVALID, crm.loadContacts(call(), Tag.of("1", "vip"), 10, "x"));
        assertThat(fake.calls()).isEmpty();
    }
}
