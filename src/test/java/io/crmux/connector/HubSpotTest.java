package io.crmux.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.crmux.connector.fake.FakeCrm.Fault;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeHubSpot;
import io.crmux.connector.kit.Bench;
import io.crmux.crm.Batch;
import io.crmux.crm.BulkLookUp;
import io.crmux.crm.BulkUpdate;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Limit;
import io.crmux.crm.Outcome;
import io.crmux.crm.Settings;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is peculiar to HubSpot. */
class HubSpotTest {

    private final Vertx vertx = Vertx.vertx();
    private final FakeHubSpot fake = new FakeHubSpot(vertx);
    private final Crm lists = open("lists");
    private final Crm options = open("multiselect");

    private Crm open(String tagType) {
        return Bench.open(vertx, new HubSpot(), fake.settings(FakeHubSpot.TOKEN, tagType));
    }

    @AfterEach
    void close() {
        fake.close();
        vertx.close().await();
    }

    private static Batch batch(String id, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
        return new Batch(1, new Contact(id, null), false, false, fields, remove, apply, List.of());
    }

    @Test
    void manyContactsGoOnAListInOneCallAndTheMissingOneIsTold() {
        String jane = fake.add("jane@example.com", "old");
        String joe = fake.add("joe@example.com");
        Tag vip = Tag.of(fake.list("vip"), "vip");
        List<Outcome> outcomes = lists.deliver(
                        Bench.call(),
                        List.of(
                                batch(jane, Map.of("firstname", Value.text("Jane")), Set.of(), Set.of(vip)),
                                batch("1", Map.of(), Set.of(), Set.of(vip)),
                                batch(joe, Map.of("firstname", Value.text("Joe")), Set.of(), Set.of(vip))))
                .await();
        assertThat(fake.calls()).hasSize(2);
        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Done.class);
        assertThat(outcomes.get(1))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().kind()).isEqualTo(Kind.NOT_FOUND));
        assertThat(outcomes.get(2)).isInstanceOf(Outcome.Done.class);
        assertThat(Objects.requireNonNull(fake.contact(joe))).containsEntry("firstname", "Joe");
    }

    @Test
    void aListThatFailsFailsOnlyThoseWhoWereToGoOnIt() {
        String jane = fake.add("jane@example.com");
        String joe = fake.add("joe@example.com");
        Tag active = Tag.of(fake.activeList("active"), "active");
        Tag vip = Tag.of(fake.list("vip"), "vip");
        List<Outcome> outcomes = lists.deliver(
                        Bench.call(),
                        List.of(
                                batch(jane, Map.of(), Set.of(), Set.of(active)),
                                batch(joe, Map.of(), Set.of(), Set.of(vip))))
                .await();
        assertThat(outcomes.get(0))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().kind()).isEqualTo(Kind.INVALID));
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void moreContactsThanACallTakesAreSeveralCalls() {
        Tag vip = Tag.of(fake.list("vip"), "vip");
        List<Batch> batches = IntStream.range(0, 501)
                .mapToObj(i -> batch(
                        fake.add("user" + i + "@example.com"),
                        Map.of("firstname", Value.text("User")),
                        Set.of(),
                        Set.of(vip)))
                .toList();
        assertThat(lists.deliver(Bench.call(), batches).await()).hasSize(501).hasOnlyElementsOfType(Outcome.Done.class);
        assertThat(fake.count("batch/update")).isEqualTo(6);
        assertThat(fake.count("memberships/add")).isEqualTo(2);
    }

    @Test
    void creationsAndDeletionsGoAlongAndRemovalsGoFirst() {
        String jane = fake.add("jane@example.com", "old");
        String jim = fake.add("jim@example.com");
        Tag old = Tag.of(fake.list("old"), "old");
        Tag vip = Tag.of(fake.list("vip"), "vip");
        Map<String, Value> joe = Map.of("email", Value.text("joe@example.com"));
        List<Outcome> outcomes = lists.deliver(
                        Bench.call(),
                        List.of(
                                batch(jane, Map.of(), Set.of(old), Set.of(vip)),
                                new Batch(
                                        2,
                                        new Contact(jim, null),
                                        false,
                                        true,
                                        Map.of(),
                                        Set.of(),
                                        Set.of(),
                                        List.of()),
                                new Batch(
                                        3,
                                        new Contact(null, "joe@example.com"),
                                        true,
                                        false,
                                        joe,
                                        Set.of(),
                                        Set.of(vip),
                                        List.of())))
                .await();
        assertThat(outcomes).hasOnlyElementsOfType(Outcome.Done.class);
        assertThat(fake.contact(jim)).isNull();
        assertThat(fake.calls())
                .extracting(call -> call.path().replaceAll(".*/", ""))
                .endsWith("remove", "add");
        Contact made = ((Outcome.Done) outcomes.get(2)).contact();
        assertThat(lists.getTags(Bench.call(), made).await())
                .extracting(Tag::id)
                .containsExactly(vip.id());
    }

    @Test
    void activeListsCannotBeWritten() {
        fake.list("static");
        fake.activeList("active");
        assertThat(lists.syncTags(Bench.call()).await())
                .extracting(Tag::name, Tag::writable)
                .containsExactlyInAnyOrder(tuple("static", true), tuple("active", false));
    }

    @Test
    void aListThatThereIsNotIsNoMissingContact() {
        Contact jane = new Contact(fake.add("jane@example.com"), null);
        assertThatThrownBy(() -> lists.applyTags(Bench.call(), jane, Set.of(Tag.of("4711", "gone")))
                        .await())
                .isInstanceOfSatisfying(
                        CrmException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(Kind.INVALID));
    }

    @Test
    void aDuplicateTellsWhoIsInTheWay() {
        String id = fake.add("jane@example.com");
        assertThatThrownBy(() -> lists.addContact(Bench.call(), Map.of("email", Value.text("jane@example.com")))
                        .await())
                .isInstanceOfSatisfying(
                        CrmException.class,
                        failure -> assertThat(failure.existingId()).isEqualTo(id));
    }

    @Test
    void aFurtherAddressOfAContactFindsIt() {
        fake.next(
                new Fault.Instead(
                        Reply.json(
                                200,
                                new JsonObject(
                                        "{\"id\":\"7\",\"properties\":{\"email\":\"a@b.c\",\"hs_additional_emails\":\"x@b.c;d@e.f\"}}"))));
        assertThat(lists.getContactId(Bench.call(), "D@e.f").await())
                .map(Contact::id)
                .hasValue("7");
    }

    @Test
    void manyAddressesAreLookedUpInOneCall() {
        String jane = fake.add("jane@example.com");
        Map<String, Contact> found = ((BulkLookUp) lists)
                .getContactIds(Bench.call(), List.of("Jane@example.com", "nobody@example.com"))
                .await();
        assertThat(fake.calls()).hasSize(1);
        assertThat(found).containsOnlyKeys("Jane@example.com");
        assertThat(found.values()).extracting(Contact::id).containsExactly(jane);
    }

    @Test
    void addressesThatAreAllThereAreLookedUp() {
        fake.add("jane@example.com");
        fake.add("joe@example.com");
        List<String> both = List.of("jane@example.com", "joe@example.com");
        assertThat(((BulkLookUp) lists).getContactIds(Bench.call(), both).await())
                .containsOnlyKeys(both);
    }

    @Test
    void addressesThatCouldNotBeLookedUpAreNotNobodys() {
        fake.next(
                new Fault.Instead(
                        Reply.json(
                                207,
                                new JsonObject(
                                        "{\"status\":\"COMPLETE\",\"results\":[],\"numErrors\":1,\"errors\":[{\"status\":\"error\",\"category\":\"VALIDATION_ERROR\"}]}"))));
        assertThatThrownBy(() -> ((BulkLookUp) lists)
                        .getContactIds(Bench.call(), List.of("jane@example.com", "joe@example.com"))
                        .await())
                .isInstanceOfSatisfying(
                        CrmException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(Kind.INVALID));
    }

    @Test
    void whatIsWrongWithAContactOfManyIsNotTakenForItsAbsence() {
        JsonObject some = new JsonObject(
                "{\"status\":\"COMPLETE\",\"results\":[{\"id\":\"1\",\"properties\":{}}],\"numErrors\":1,"
                        + "\"errors\":[{\"status\":\"error\",\"category\":\"VALIDATION_ERROR\"}]}");
        fake.next(new Fault.Instead(Reply.json(207, some)));
        Map<String, Value> fields = Map.of("firstname", Value.text("Jane"));
        Map<String, CrmException> failures = ((BulkUpdate) lists)
                .updateContacts(Bench.call(), Map.of("1", fields, "2", fields))
                .await();
        assertThat(failures).containsOnlyKeys("2");
        assertThat(failures.values()).extracting(CrmException::kind).containsExactly(Kind.INVALID);
    }

    @Test
    void optionsOfManyContactsAreReadAndWrittenInTwoCalls() {
        String jane = fake.add("jane@example.com", "old", "kept");
        String joe = fake.add("joe@example.com");
        fake.option("gold");
        Tag gold = Tag.of("gold", "gold");
        List<Outcome> outcomes = options.deliver(
                        Bench.call(),
                        List.of(
                                batch(jane, Map.of(), Set.of(Tag.of("old", "old")), Set.of(gold)),
                                batch("1", Map.of(), Set.of(), Set.of(gold)),
                                batch(joe, Map.of("firstname", Value.text("Joe")), Set.of(), Set.of(gold))))
                .await();
        assertThat(fake.calls()).hasSize(2);
        assertThat(outcomes).hasExactlyElementsOfTypes(Outcome.Done.class, Outcome.Failed.class, Outcome.Done.class);
        assertThat(Objects.requireNonNull(fake.contact(jane))).containsEntry(FakeHubSpot.FIELD, "kept;gold");
        assertThat(Objects.requireNonNull(fake.contact(joe)))
                .containsEntry(FakeHubSpot.FIELD, "gold")
                .containsEntry("firstname", "Joe");
    }

    @Test
    void optionsThatCouldNotBeReadAreNotWritten() {
        String jane = fake.add("jane@example.com", "kept");
        fake.next(new Fault.Instead(Reply.json(200, new JsonObject("{\"id\":\"1\",\"properties\":{}}"))));
        assertThatThrownBy(
                        () -> options.applyTags(Bench.call(), new Contact(jane, null), Set.of(Tag.of("gold", "gold")))
                                .await())
                .isInstanceOf(CrmException.class);
        assertThat(fake.calls()).hasSize(1);
    }

    @Test
    void anOptionWithASemicolonFailsItsOwnContactOnly() {
        String jane = fake.add("jane@example.com", "red");
        String joe = fake.add("joe@example.com");
        String ann = fake.add("ann@example.com");
        Tag red = Tag.of("red", "red");
        List<Outcome> outcomes = options.deliver(
                        Bench.call(),
                        List.of(
                                batch(jane, Map.of(), Set.of(), Set.of(Tag.of("green;red", "green;red"))),
                                batch(joe, Map.of(), Set.of(), Set.of(red)),
                                batch(ann, Map.of(), Set.of(), Set.of(red))))
                .await();
        assertThat(outcomes).hasExactlyElementsOfTypes(Outcome.Failed.class, Outcome.Done.class, Outcome.Done.class);
        assertThat(((Outcome.Failed) outcomes.get(0)).failure().kind()).isEqualTo(CrmException.Kind.INVALID);
        assertThat(Objects.requireNonNull(fake.contact(jane))).containsEntry(FakeHubSpot.FIELD, "red");
        assertThat(Objects.requireNonNull(fake.contact(ann))).containsEntry(FakeHubSpot.FIELD, "red");
    }

    @Test
    void whatTheSearchTakesForTheOptionIsLeftOut() {
        String jane = fake.add("jane@example.com", "gold");
        fake.add("joe@example.com", "old gold");
        assertThat(options.loadContacts(Bench.call(), Tag.of("gold", "gold"), 10, null)
                        .await()
                        .items())
                .containsExactly(jane);
    }

    @Test
    void multiselectNeedsAProperty() {
        Crm without = Bench.open(
                vertx, new HubSpot(), Map.of("url", fake.url(), "token", FakeHubSpot.TOKEN, "tag_type", "multiselect"));
        assertThatThrownBy(() -> without.connect(Bench.call()).await()).hasMessageContaining("multiselect_field");
    }

    @Test
    void anAppHasLimitsOfItsOwn() {
        HubSpot connector = new HubSpot();
        assertThat(connector.limits(new Settings(Map.of("url", "https://a", "token", "t"))))
                .isEqualTo(connector.descriptor().limits());
        assertThat(connector.limits(new Settings(Map.of("url", "https://a", "client_id", "i", "client_secret", "s"))))
                .doesNotContain(Limit.of(250_000, Duration.ofDays(1)));
    }
}
