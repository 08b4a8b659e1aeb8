package io.crmux.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.connector.fake.FakeCrm.Fault;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeKlaviyo;
import io.crmux.connector.kit.Bench;
import io.crmux.crm.Added;
import io.crmux.crm.Batch;
import io.crmux.crm.BulkLookUp;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Outcome;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is peculiar to Klaviyo. */
class KlaviyoTest {

    private final Vertx vertx = Vertx.vertx();
    private final FakeKlaviyo fake = new FakeKlaviyo(vertx);
    private final Crm crm = Bench.open(vertx, new Klaviyo(), Map.of("url", fake.url(), "key", FakeKlaviyo.KEY));

    @AfterEach
    void close() {
        fake.close();
        vertx.close().await();
    }

    @Test
    void manyContactsGoOnAListInOneCall() {
        Tag vip = Tag.of(fake.list("vip"), "vip");
        List<Batch> batches = Stream.of("jane@example.com", "joe@example.com", "jim@example.com")
                .map(email -> new Batch(
                        1,
                        new Contact(fake.add(email), email),
                        false,
                        false,
                        Map.of(),
                        Set.of(),
                        Set.of(vip),
                        List.of()))
                .toList();
        assertThat(crm.deliver(Bench.call(), batches).await()).hasOnlyElementsOfType(Outcome.Done.class);
        assertThat(fake.calls()).hasSize(1);
    }

    @Test
    void segmentsAreShownAndCannotBeWritten() {
        String jane = fake.add("jane@example.com", "vip");
        String segment = "segment_" + fake.segment("Big spenders", jane);
        assertThat(crm.getTags(Bench.call(), new Contact(jane, null)).await())
                .extracting(Tag::name)
                .containsExactlyInAnyOrder("vip", "Big spenders");
        assertThat(crm.syncTags(Bench.call()).await())
                .filteredOn(tag -> !tag.writable())
                .extracting(Tag::id)
                .containsExactly(segment);
        assertThat(crm.loadContacts(Bench.call(), Tag.of(segment, "Big spenders"), 10, null)
                        .await()
                        .items())
                .containsExactly(jane);
    }

    @Test
    void consentIsAskedForByItsOwnTag() {
        String jane = fake.add("jane@example.com");
        String list = fake.list("Newsletter");
        crm.applyTags(Bench.call(), new Contact(jane, null), Set.of(Tag.of(list + "_optin", "Newsletter (opt-in)")))
                .await();
        assertThat(fake.consents()).containsExactly("jane@example.com " + list);
    }

    @Test
    void aConsentIsQueuedAndNotDone() {
        String jane = fake.add("jane@example.com");
        String list = fake.list("Newsletter");
        List<Outcome> outcomes = crm.deliver(
                        Bench.call(),
                        List.of(
                                applying(jane, Tag.of(list + "_optin", "Newsletter (opt-in)")),
                                applying(fake.add("joe@example.com"), Tag.of(list, "Newsletter"))))
                .await();
        assertThat(outcomes.get(0)).isInstanceOfSatisfying(Outcome.Accepted.class, accepted -> {
            assertThat(accepted.job()).isNull();
            assertThat(accepted.settles()).isPositive();
        });
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Done.class);
        assertThat(fake.consents()).containsExactly("jane@example.com " + list);
    }

    private static Batch applying(String id, Tag tag) {
        return new Batch(1, new Contact(id, null), false, false, Map.of(), Set.of(), Set.of(tag), List.of());
    }

    @Test
    void nobodyConsentsForAProfileThatThereIsNot() {
        Tag consent = Tag.of(fake.list("Newsletter") + "_optin", "Newsletter (opt-in)");
        assertThatThrownBy(() -> crm.applyTags(Bench.call(), new Contact("01GONE", null), Set.of(consent))
                        .await())
                .isInstanceOfSatisfying(
                        CrmException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND));
    }

    @Test
    void addingTellsWhetherTheContactIsNew() {
        Map<String, Value> jane = Map.of("email", Value.text("jane@example.com"));
        assertThat(crm.addContact(Bench.call(), jane).await().how()).isEqualTo(Added.How.CREATED);
        assertThat(crm.addContact(Bench.call(), jane).await().how()).isEqualTo(Added.How.EXISTED);
    }

    @Test
    void propertiesKeepTheirTypes() {
        Contact jane = new Contact(fake.add("jane@example.com"), null);
        Map<String, Value> fields = Map.of(
                "points", new Value.Num(BigDecimal.TEN),
                "member", new Value.Flag(true),
                "colours", new Value.Choices(List.of("red", "green")),
                "location+city", Value.text("Ghent"));
        crm.updateContact(Bench.call(), jane, fields).await();
        assertThat(crm.loadContact(Bench.call(), jane).await().fields()).containsAllEntriesOf(fields);
        assertThat(crm.syncCrmFields(Bench.call()).await())
                .extracting(field -> field.id())
                .contains("points", "location+city");
    }

    @Test
    void manyAddressesAreLookedUpInOneCall() {
        String jane = fake.add("jane@example.com");
        Map<String, Contact> found = ((BulkLookUp) crm)
                .getContactIds(Bench.call(), List.of("Jane@Example.com", "nobody@example.com"))
                .await();
        assertThat(fake.calls()).hasSize(1);
        assertThat(found).containsOnlyKeys("Jane@Example.com");
        assertThat(found.values()).extracting(Contact::id).containsExactly(jane);
    }

    @Test
    void anAddressThatAnotherHasTellsWho() {
        String joe = fake.add("joe@example.com");
        Contact jane = new Contact(fake.add("jane@example.com"), null);
        assertThatThrownBy(() -> crm.updateContact(Bench.call(), jane, Map.of("email", Value.text("joe@example.com")))
                        .await())
                .isInstanceOfSatisfying(CrmException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Kind.DUPLICATE);
                    assertThat(failure.existingId()).isEqualTo(joe);
                });
    }

    @Test
    void aListThatThereIsNotIsNoMissingContact() {
        Contact jane = new Contact(fake.add("jane@example.com"), null);
        assertThatThrownBy(() -> crm.applyTags(Bench.call(), jane, Set.of(Tag.of("gone42", "gone")))
                        .await())
                .isInstanceOfSatisfying(
                        CrmException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(Kind.INVALID));
    }

    @Test
    void aLinkToAnotherHostIsFollowedOnOurs() {
        Tag vip = Tag.of(fake.list("vip"), "vip");
        String jane = fake.add("jane@example.com", "vip");
        fake.next(new Fault.Instead(Reply.json(
                200,
                new JsonObject("{\"data\":[],\"links\":{\"next\":\"http://10.0.0.1/steal?page%5Bcursor%5D=%2B0\"}}"))));
        String cursor = crm.loadContacts(Bench.call(), vip, 10, null).await().cursor();
        assertThat(crm.loadContacts(Bench.call(), vip, 10, cursor).await().items())
                .containsExactly(jane);
    }
}
