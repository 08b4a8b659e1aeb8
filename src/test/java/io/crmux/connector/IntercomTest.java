package io.crmux.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.connector.fake.FakeCrm.Fault;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeIntercom;
import io.crmux.connector.kit.Bench;
import io.crmux.crm.Added;
import io.crmux.crm.BulkLookUp;
import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is peculiar to Intercom. */
class IntercomTest {

    private final Vertx vertx = Vertx.vertx();
    private final FakeIntercom fake = new FakeIntercom(vertx);
    private final Crm crm = Bench.open(vertx, new Intercom(), Map.of("url", fake.url(), "key", FakeIntercom.KEY));

    @AfterEach
    void close() {
        fake.close();
        vertx.close().await();
    }

    private static Call call() {
        return Bench.call();
    }

    private static CrmException failure(Future<?> future) {
        assertThatThrownBy(future::await).isInstanceOf(CrmException.class);
        return CrmException.of(future.cause());
    }

    @Test
    void aUserIsPreferredToALeadOfTheSameAddress() {
        fake.addLead("both@example.com");
        String user = fake.add("both@example.com");
        assertThat(crm.getContactId(call(), "both@example.com").await())
                .map(Contact::id)
                .hasValue(user);
    }

    /** Of whom there are more than fit on a page. */
    @Test
    void aLookUpOfManyReadsToTheEnd() {
        for (int i = 0; i < 150; i++) {
            fake.addLead("often@example.com");
        }
        String user = fake.add("last@example.com");
        assertThat(((BulkLookUp) crm)
                        .getContactIds(call(), List.of("often@example.com", "Last@example.com"))
                        .await())
                .extractingByKey("Last@example.com")
                .isEqualTo(new Contact(user, "last@example.com"));
        assertThat(fake.count("POST /contacts/search")).isEqualTo(2);
    }

    @Test
    void aKnownAddressTellsWhoseItIs() {
        String id = fake.add("known@example.com");
        CrmException failure = failure(crm.addContact(call(), Map.of("email", Value.text("known@example.com"))));
        assertThat(failure.kind()).isEqualTo(Kind.DUPLICATE);
        assertThat(failure.existingId()).isEqualTo(id);
    }

    @Test
    void anArchivedContactIsBroughtBack() {
        String id = fake.add("gone@example.com", "vip");
        fake.archive(id);
        Map<String, Value> fields = Map.of("email", Value.text("gone@example.com"), "first_name", Value.text("Ann"));
        assertThat(crm.addContact(call(), fields).await()).isEqualTo(new Added(id, Added.How.EXISTED));
        assertThat(crm.loadContact(call(), new Contact(id, null)).await().fields())
                .containsEntry("first_name", Value.text("Ann"));
    }

    @Test
    void theOtherHalfOfANameStays() {
        Contact contact = new Contact(fake.add("name@example.com"), null);
        crm.updateContact(call(), contact, Map.of("name", Value.text("Ann van Damme")))
                .await();
        crm.updateContact(call(), contact, Map.of("first_name", Value.text("Anne")))
                .await();
        assertThat(crm.loadContact(call(), contact).await().fields())
                .containsEntry("name", Value.text("Anne van Damme"))
                .containsEntry("last_name", Value.text("van Damme"));
    }

    @Test
    void timesAreSecondsOnTheWire() {
        Contact contact = new Contact(fake.add("time@example.com"), null);
        Value time = new Value.Time(Instant.parse("2026-01-31T08:15:00Z"));
        crm.updateContact(call(), contact, Map.of("born_at", time, "paid", new Value.Flag(true)))
                .await();
        assertThat(fake.calls().get(0).json().getJsonObject("custom_attributes"))
                .isEqualTo(new JsonObject().put("born_at", 1_769_847_300).put("paid", true));
        assertThat(crm.loadContact(call(), contact).await().fields())
                .containsEntry("born_at", time)
                .containsEntry("paid", new Value.Flag(true));
    }

    @Test
    void aTagThatIsUnknownIsNoMissingContact() {
        Contact contact = new Contact(fake.add("tag@example.com", "vip"), null);
        assertThat(failure(crm.applyTags(call(), contact, Set.of(Tag.of("9999", "ghost"))))
                        .kind())
                .isEqualTo(Kind.INVALID);
        crm.removeTags(call(), contact, Set.of(Tag.of("9999", "ghost"), Tag.named("never seen")))
                .await();
        assertThat(crm.getTags(call(), contact).await()).extracting(Tag::name).containsExactly("vip");
    }

    @Test
    void aLimitIsWaitedForUntilItsReset() {
        JsonObject body = new JsonObject("{\"errors\":[{\"code\":\"rate_limit_exceeded\",\"message\":\"Exceeded\"}]}");
        Reply limited =
                Reply.json(429, body).with("date", "Sat, 31 Jan 2026 08:15:00 GMT", "x-ratelimit-reset", "1769847307");
        fake.next(new Fault.Instead(limited));
        assertThat(failure(crm.syncTags(call())).waitMillis()).isEqualTo(7_000);
    }
}
