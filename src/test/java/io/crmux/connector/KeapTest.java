package io.crmux.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.connector.fake.FakeCrm.Fault;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeKeap;
import io.crmux.connector.kit.Bench;
import io.crmux.crm.Added;
import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Limit;
import io.crmux.crm.Settings;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is peculiar to Keap. */
class KeapTest {

    private final Vertx vertx = Vertx.vertx();
    private final FakeKeap fake = new FakeKeap(vertx);
    private final Crm crm =
            Bench.open(vertx, new Keap(), Map.of("url", fake.api(), "key", FakeKeap.KEY, "opt_in_reason", "Signed up"));

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

    private static Fault instead(int status, String json) {
        return new Fault.Instead(new Reply(status, "application/json", json, List.of()));
    }

    @Test
    void partsOfAPostalAddressStayAndHaveKeapsCodes() {
        Contact contact = new Contact(fake.add("parts@example.com"), null);
        crm.updateContact(
                        call(),
                        contact,
                        Map.of(
                                "billing+locality", Value.text("Phoenix"),
                                "billing+region_code", Value.text("AZ"),
                                "billing+country_code", Value.text("US")))
                .await();
        crm.updateContact(call(), contact, Map.of("billing+locality", Value.text("Tucson")))
                .await();
        assertThat(fake.calls().get(3).json().getJsonArray("addresses").getJsonObject(0))
                .isEqualTo(new JsonObject()
                        .put("field", "BILLING")
                        .put("locality", "Tucson")
                        .put("region_code", "US-AZ")
                        .put("country_code", "USA"));
        assertThat(crm.loadContact(call(), contact).await().fields())
                .containsEntry("billing+locality", Value.text("Tucson"))
                .containsEntry("billing+region_code", Value.text("AZ"))
                .containsEntry("billing+country_code", Value.text("US"));
    }

    @Test
    void aKnownAddressIsUpdatedAndOnlyANewOneOptsIn() {
        Map<String, Value> fields =
                Map.of("email", Value.text("ann@example.com"), "phone2", Value.text("+15555550123"));
        Added added = crm.addContact(call(), fields).await();
        assertThat(crm.addContact(call(), fields).await()).isEqualTo(new Added(added.id(), Added.How.EXISTED));
        assertThat(fake.calls().get(0).json().getJsonArray("email_addresses").getJsonObject(0))
                .isEqualTo(new JsonObject(
                        "{\"field\":\"EMAIL1\",\"email\":\"ann@example.com\",\"opt_in_reason\":\"Signed up\"}"));
        Contact contact = new Contact(added.id(), "ann@example.com");
        crm.updateContact(call(), contact, Map.of("email", Value.text("ann@example.org")))
                .await();
        assertThat(fake.calls().get(3).body().toString()).doesNotContain("opt_in_reason");
    }

    @ParameterizedTest
    @CsvSource({
        "[{\"key\":\"SUCCESS\"}],",
        "[{\"91\":\"DUPLICATE\"}],",
        "[{\"key\":\"SUCCESS\"};{\"key\":\"TAG_ID_NOT_FOUND\"}],INVALID",
        "[{\"91\":\"CONTACT_NOT_FOUND\"}],NOT_FOUND",
        "[{\"91\":\"FAILURE\"}],UNAVAILABLE",
        "[],UNAVAILABLE"
    })
    void theOutcomeOfATagIsReadWhereverItStands(String outcomes, @Nullable Kind kind) {
        Contact contact = new Contact(fake.add("outcome@example.com"), null);
        fake.next(instead(200, outcomes.replace(';', ',')));
        Future<Void> applied = crm.applyTags(call(), contact, Set.of(Tag.of("91", "VIP")));
        if (kind == null) {
            applied.await();
        } else {
            failsWith(kind, applied);
        }
    }

    @Test
    void aTagThatTheContactHasNotIsNoMissingContact() {
        Contact contact = new Contact(fake.add("not@example.com", "VIP"), null);
        fake.next(instead(404, "{\"message\":\"not found\"}"));
        crm.removeTags(call(), contact, Set.of(Tag.of("999", "other"))).await();
        fake.next(instead(404, "{\"message\":\"not found\"}"));
        failsWith(Kind.UNAVAILABLE, crm.removeTags(call(), contact, Set.of(Tag.of(fake.addTag("VIP"), "VIP"))));
    }

    @Test
    void theNextPageMayBeNamedByAWholeAddress() {
        fake.add("page@example.com", "one", "two");
        fake.next(
                instead(
                        200,
                        "{\"tags\":[{\"id\":\"91\",\"name\":\"one\"}],\"next_page_token\":\"https://api.keap.com/v2/tags?page_size=1&page_token=1\"}"));
        assertThat(crm.syncTags(call()).await())
                .containsExactly(new Tag("91", "one", null, true), new Tag("92", "two", "Customers", true));
    }

    @Test
    void aContactThatComesWithoutTagsIsAskedForThem() {
        Contact contact = new Contact(fake.add("without@example.com", "VIP"), null);
        fake.next(instead(200, "{\"id\":\"4711\"}"));
        assertThat(crm.getTags(call(), contact).await()).extracting(Tag::id).containsExactly(fake.addTag("VIP"));
    }

    @Test
    void whatCannotSucceedIsNotTriedForEver() {
        Contact contact = new Contact(fake.add("owner@example.com"), null);
        failsWith(Kind.INVALID, crm.getContactId(call(), "o*@example.com"));
        fake.next(instead(500, "{\"message\":\"oops\"}"));
        failsWith(Kind.INVALID, crm.updateContact(call(), contact, Map.of("owner_id", Value.text("0"))));
        failsWith(Kind.INVALID, crm.loadContacts(call(), Tag.of("999", "none"), 10, null));
    }

    @Test
    void aUsedUpQuotaIsLeftAloneForAMinute() {
        fake.next(instead(429, "{\"fault\":{\"faultstring\":\"Rate limit quota violation. Quota limit exceeded.\"}}"));
        Future<?> limited = crm.connect(call());
        failsWith(Kind.RATE_LIMITED, limited);
        assertThat(CrmException.of(limited.cause()).waitMillis()).isEqualTo(60_000);
    }

    @Test
    void anAppHasLimitsOfItsOwn() {
        Keap connector = new Keap();
        assertThat(connector.limits(new Settings(Map.of("url", "https://a", "key", "k"))))
                .isEqualTo(connector.descriptor().limits());
        assertThat(connector.limits(new Settings(Map.of("url", "https://a", "client_id", "i", "client_secret", "s"))))
                .contains(Limit.of(150_000, Duration.ofDays(1)));
    }
}
