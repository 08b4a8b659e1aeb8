package io.crmux.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.connector.fake.FakeCrm.Fault;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeFluentCrm;
import io.crmux.connector.kit.Bench;
import io.crmux.crm.Added;
import io.crmux.crm.Batch;
import io.crmux.crm.Call;
import io.crmux.crm.CombinedChange;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Event;
import io.crmux.crm.Outcome;
import io.crmux.crm.Steps;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is peculiar to FluentCRM. */
class FluentCrmTest {

    private static final AtomicInteger SERIAL = new AtomicInteger();

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
    void aCursorOfSomebodyElseIsMalformed() {
        failsWith(Kind.MALFORMED, crm.loadContacts(call(), Tag.of("1", "vip"), 10, "x"));
        assertThat(fake.calls()).isEmpty();
    }

    private static Batch batch(String contact, Set<Tag> remove, Set<Tag> apply) {
        return batch(contact, Map.of(), remove, apply, List.of());
    }

    private static Batch batch(
            String contact, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply, List<Event> events) {
        return new Batch(
                SERIAL.incrementAndGet(), new Contact(contact, null), false, false, fields, remove, apply, events);
    }

    private static Batch creation(String email, Tag tag) {
        return new Batch(
                SERIAL.incrementAndGet(),
                new Contact(null, email),
                true,
                false,
                Map.of("email", Value.text(email)),
                Set.of(),
                Set.of(tag),
                List.of());
    }

    private List<Outcome> deliver(Batch... batches) {
        List<Outcome> outcomes = crm.deliver(call(), List.of(batches)).await();
        assertThat(outcomes).extracting(Outcome::batch).containsExactly(batches);
        return outcomes;
    }

    private Tag tag(String name) {
        return Tag.of(fake.addTag(name), name);
    }

    private static void failed(Kind kind, Outcome outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().kind()).isEqualTo(kind));
    }

    @Test
    void contactsThatAreChangedAlikeAreOneCall() {
        Tag trial = tag("Trial");
        Tag vip = tag("VIP");
        String one = fake.add("alike1@example.com", "Trial");
        String other = fake.add("alike2@example.com", "Trial");
        String third = fake.add("else@example.com", "Trial");
        List<Outcome> outcomes = deliver(
                batch(one, Set.of(trial), Set.of(vip)),
                batch(third, Set.of(trial), Set.of()),
                batch(other, Set.of(trial), Set.of(vip)));
        assertThat(outcomes).hasOnlyElementsOfType(Outcome.Done.class);
        assertThat(fake.calls()).hasSize(2);
        assertThat(crm.getTags(call(), new Contact(other, null)).await()).containsExactly(vip);
        assertThat(crm.getTags(call(), new Contact(third, null)).await()).isEmpty();
    }

    @Test
    void aHundredContactsThatAreChangedAlikeAreOneCall() {
        Tag trial = tag("Trial");
        Tag vip = tag("VIP");
        List<Batch> batches = IntStream.range(0, 100)
                .mapToObj(i -> batch(fake.add("alike" + i + "@example.com", "Trial"), Set.of(trial), Set.of(vip)))
                .toList();
        assertThat(Bench.deliverAll(crm, batches)).containsExactly(100);
        assertThat(fake.calls()).hasSize(1);
        batches.forEach(batch ->
                assertThat(crm.getTags(call(), batch.contact()).await()).containsExactly(vip));
    }

    /** Three deliveries go on at once, and each may take a minute. */
    @Test
    void noDeliveryTakesMoreThanAHundredCalls() {
        Crm asking = open("slug", "pending");
        Tag vip = tag("VIP");
        List<Event> events = List.of(new Event("one", new JsonObject()), new Event("two", new JsonObject()));
        List<Batch> due = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String contact = fake.add("member" + i + "@example.com");
            Map<String, Value> name = Map.of("first_name", Value.text("Ann" + i));
            due.add(
                    switch (i % 4) {
                        case 0 -> batch(contact, name, Set.of(), Set.of(tag("own" + i)), List.of());
                        case 1 -> creation("new" + i + "@example.com", vip);
                        case 2 -> batch(contact, Map.of(), Set.of(), Set.of(vip), events);
                        default -> batch(contact, Set.of(), Set.of(vip));
                    });
        }
        while (!due.isEmpty()) {
            List<Batch> together = List.copyOf(due.size() < 2 ? due : asking.together(due));
            int before = fake.calls().size();
            assertThat(asking.deliver(call(), together).await()).hasOnlyElementsOfType(Outcome.Done.class);
            assertThat(fake.calls().size() - before).isLessThanOrEqualTo(100);
            assertThat(together).startsWith(due.get(0));
            due.removeAll(together);
        }
    }

    /** Their calls would be too many for the time of the delivery: the core sends each alone. */
    @Test
    void aCallForMoreThanFiftyThatIsRefusedIsNotMadeOneByOne() {
        Tag vip = tag("VIP");
        fake.next(new Fault.Instead(Reply.json(422, new JsonObject("{\"message\":\"no\"}"))));
        deliver(IntStream.range(0, 51)
                        .mapToObj(i -> batch(fake.add("refused" + i + "@example.com"), Set.of(), Set.of(vip)))
                        .toArray(Batch[]::new))
                .forEach(outcome -> failed(Kind.INVALID, outcome));
        assertThat(fake.calls()).hasSize(1);
    }

    @Test
    void whoIsSkippedIsNotFoundAndTheOthersAreDone() {
        Tag vip = tag("VIP");
        Tag never = Tag.of("never-made", "Never made");
        List<Outcome> outcomes = deliver(
                batch(fake.add("there@example.com"), Set.of(), Set.of(vip)),
                batch("999", Set.of(), Set.of(vip)),
                batch("0x7", Set.of(), Set.of(vip)),
                batch(fake.add("never1@example.com"), Set.of(), Set.of(vip, never)),
                batch(fake.add("never2@example.com"), Set.of(), Set.of(vip, never)));
        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Done.class);
        failed(Kind.NOT_FOUND, outcomes.get(1));
        failed(Kind.NOT_FOUND, outcomes.get(2));
        failed(Kind.INVALID, outcomes.get(3));
        failed(Kind.INVALID, outcomes.get(4));
        assertThat(fake.calls()).hasSize(2);
    }

    @Test
    void aCallForManyThatIsRefusedIsMadeOneByOne() {
        Tag vip = tag("VIP");
        fake.next(new Fault.Instead(Reply.json(422, new JsonObject("{\"message\":\"no\"}"))));
        List<Outcome> outcomes = deliver(
                batch(
                        fake.add("one@example.com"),
                        Map.of(),
                        Set.of(),
                        Set.of(vip),
                        List.of(new Event("bought", new JsonObject()))),
                batch("999", Set.of(), Set.of(vip)),
                batch(fake.add("two@example.com"), Set.of(), Set.of(vip)));
        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Done.class);
        failed(Kind.NOT_FOUND, outcomes.get(1));
        assertThat(outcomes.get(2)).isInstanceOf(Outcome.Done.class);
        assertThat(fake.count("/sync-segments")).isEqualTo(1 + 3);
        assertThat(fake.count("/track-event")).isEqualTo(1);
    }

    @Test
    void aCallForOneThatIsRefusedIsNotRepeatedAndNoneThatTimeMayHeal() {
        Tag vip = tag("VIP");
        Tag trial = tag("Trial");
        Batch one = batch(fake.add("one@example.com"), Set.of(), Set.of(vip));
        Batch other = batch(fake.add("other@example.com"), Set.of(), Set.of(trial));
        Fault refusal = new Fault.Instead(Reply.json(422, new JsonObject("{\"message\":\"no\"}")));
        fake.next(refusal, refusal);
        deliver(one, other).forEach(outcome -> failed(Kind.INVALID, outcome));
        assertThat(fake.calls()).hasSize(2);
        fake.next(new Fault.Instead(Reply.json(503, new JsonObject())));
        deliver(one, batch(fake.add("third@example.com"), Set.of(), Set.of(vip)))
                .forEach(outcome -> assertThat(
                                ((Outcome.Failed) outcome).failure().kind().retry())
                        .isTrue());
        assertThat(fake.calls()).hasSize(3);
    }

    @Test
    void fieldsAndCreationsComeBeforeTagsAndEventsAfter() {
        Tag vip = tag("VIP");
        Event event = new Event("bought", new JsonObject());
        Map<String, Value> name = Map.of("first_name", Value.text("Ann"));
        List<Outcome> outcomes = deliver(
                batch(fake.add("fields@example.com"), name, Set.of(), Set.of(vip), List.of(event)),
                creation("new@example.com", vip),
                batch("999", name, Set.of(), Set.of(vip), List.of(event)));
        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Done.class);
        assertThat(outcomes.get(1)).isInstanceOfSatisfying(Outcome.Done.class, done -> {
            assertThat(done.added()).isEqualTo(new Added(done.contact().requireId(), Added.How.CREATED));
            assertThat(crm.getTags(call(), done.contact()).await()).containsExactly(vip);
        });
        failed(Kind.NOT_FOUND, outcomes.get(2));
        assertThat(fake.count("/sync-segments")).isEqualTo(1);
        assertThat(fake.count("/track-event")).isEqualTo(1);
        assertThat(fake.calls().get(fake.calls().size() - 2).path()).endsWith("/track-event");
    }

    @Test
    void whatWasDoneBeforeAnEventFailsIsTold() {
        Tag vip = tag("VIP");
        List<Event> events = List.of(new Event("one", new JsonObject()), new Event("two", new JsonObject()));
        Batch batch = batch(fake.add("events@example.com"), Map.of(), Set.of(), Set.of(vip), events);
        Fault refusal = new Fault.Instead(Reply.json(500, new JsonObject()));
        fake.next(new Fault.Pass(), new Fault.Pass(), refusal);
        List<Outcome> outcomes = deliver(batch, batch(fake.add("plain@example.com"), Set.of(), Set.of(vip)));
        assertThat(outcomes.get(0))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.done()).isEqualTo(new Steps(null, true, true, true, 1)));
        assertThat(outcomes.get(1)).isInstanceOf(Outcome.Done.class);
    }
}
