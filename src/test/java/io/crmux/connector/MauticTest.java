package io.crmux.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.connector.fake.FakeCrm.Fault;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeMautic;
import io.crmux.connector.kit.Bench;
import io.crmux.crm.Batch;
import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Event;
import io.crmux.crm.Outcome;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is peculiar to Mautic. */
class MauticTest {

    private final Vertx vertx = Vertx.vertx();
    private final FakeMautic fake = new FakeMautic(vertx);
    private final Crm crm = Bench.open(
            vertx,
            new Mautic(),
            Map.of("url", fake.url(), "username", FakeMautic.USER, "password", FakeMautic.PASSWORD));

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

    private static Batch batch(long id, String contact, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
        return new Batch(id, new Contact(contact, null), false, false, fields, remove, apply, List.of());
    }

    @Test
    void changesOfSeveralContactsAreOneCallAndFailAlone() {
        String one = fake.add("one@example.com", "had");
        String two = fake.add("two@example.com");
        List<Batch> batches = List.of(
                batch(1, one, Map.of(), Set.of(Tag.named("had")), Set.of(Tag.named("vip"))),
                batch(2, "999999", Map.of(), Set.of(), Set.of(Tag.named("vip"))),
                batch(3, two, Map.of("firstname", Value.text("Jim")), Set.of(), Set.of()));
        long before = fake.count("");
        List<Outcome> outcomes = crm.deliver(call(), batches).await();
        assertThat(fake.count("")).isEqualTo(before + 1);
        assertThat(outcomes).extracting(Outcome::batch).isEqualTo(batches);
        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Done.class);
        assertThat(outcomes.get(1))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().kind()).isEqualTo(Kind.NOT_FOUND));
        assertThat(crm.getTags(call(), new Contact(one, null)).await()).containsExactly(Tag.named("vip"));
        assertThat(crm.loadContact(call(), new Contact(two, null)).await().fields())
                .containsEntry("firstname", Value.text("Jim"));
    }

    @Test
    void whatCannotGoTogetherIsDeliveredInItsPlace() {
        Contact happening = new Contact(fake.add("c@example.com"), null);
        List<Event> events = List.of(new Event("bought", new JsonObject()));
        List<Batch> batches = List.of(
                batch(1, fake.add("a@example.com"), Map.of(), Set.of(), Set.of(Tag.named("vip"))),
                batch(2, fake.add("b@example.com"), Map.of(), Set.of(), Set.of(Tag.named("-vip"))),
                new Batch(3, happening, false, false, Map.of(), Set.of(), Set.of(), events),
                batch(4, fake.add("d@example.com"), Map.of(), Set.of(), Set.of(Tag.named("vip"))));
        List<Outcome> outcomes = crm.deliver(call(), batches).await();
        assertThat(outcomes).extracting(Outcome::batch).isEqualTo(batches);
        assertThat(List.of(outcomes.get(0), outcomes.get(3))).hasOnlyElementsOfType(Outcome.Done.class);
        assertThat(List.of(outcomes.get(1), outcomes.get(2)))
                .extracting(outcome -> ((Outcome.Failed) outcome).failure().kind())
                .containsExactly(Kind.INVALID, Kind.UNSUPPORTED);
    }

    @Test
    void anAddressOfAnotherContactIsRefusedSinceItWouldMergeTheTwo() {
        Contact contact = new Contact(fake.add("mine@example.com"), "mine@example.com");
        fake.add("theirs@example.com");
        failsWith(
                Kind.DUPLICATE, crm.updateContact(call(), contact, Map.of("email", Value.text("theirs@example.com"))));
        crm.updateContact(call(), contact, Map.of("email", Value.text("new@example.com")))
                .await();
        assertThat(crm.getContactId(call(), "new@example.com").await())
                .map(Contact::id)
                .hasValue(contact.id());
    }

    @Test
    void aPageInPlaceOfTheApiIsNoMissingContact() {
        fake.next(new Fault.Instead(new Reply(404, "text/html", "<html>Not found</html>", List.of())));
        failsWith(Kind.UNAVAILABLE, crm.getTags(call(), new Contact(fake.add("off@example.com"), null)));
    }

    @Test
    void choicesAndFlagsComeBackAsTheyWere() {
        Contact contact = new Contact(fake.add("types@example.com"), null);
        Map<String, Value> fields = Map.of(
                "colours", new Value.Choices(List.of("red", "blue")),
                "member", new Value.Flag(true),
                "born", new Value.Day(LocalDate.of(1990, 5, 15)));
        crm.updateContact(call(), contact, fields).await();
        assertThat(crm.loadContact(call(), contact).await().fields())
                .containsEntry("colours", new Value.Choices(List.of("red", "blue")))
                .containsEntry("member", new Value.Flag(true))
                .containsEntry("born", Value.text("1990-05-15"));
    }

    @Test
    void aCursorOfSomebodyElseIsMalformed() {
        failsWith(Kind.MALFORMED, crm.loadContacts(call(), Tag.of("1", "vip"), 10, "x"));
        assertThat(fake.calls()).isEmpty();
    }
}
