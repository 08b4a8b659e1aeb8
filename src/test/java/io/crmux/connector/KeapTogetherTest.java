package io.crmux.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.fake.FakeCrm.Fault;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeKeap;
import io.crmux.connector.kit.Bench;
import io.crmux.crm.Added;
import io.crmux.crm.Batch;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Outcome;
import io.crmux.crm.Settings;
import io.crmux.crm.Steps;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.crmux.crm.Verdict;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of several contacts' changes at Keap, and with how many calls. */
class KeapTogetherTest {

    private static final AtomicInteger SERIAL = new AtomicInteger();

    private final Vertx vertx = Vertx.vertx();
    private final FakeKeap fake = new FakeKeap(vertx);
    private final Map<String, String> settings = Map.of("url", fake.api(), "key", FakeKeap.KEY);
    private final Crm crm = Bench.open(vertx, new Keap(), settings);
    private final Tag vip = tag("VIP");
    private final Tag trial = tag("Trial");

    @AfterEach
    @AfterProperty
    void close() {
        fake.close();
        vertx.close().await();
    }

    private Tag tag(String name) {
        return Tag.of(fake.addTag(name), name);
    }

    private String contact(String... tags) {
        return fake.add("k" + SERIAL.incrementAndGet() + "@example.com", tags);
    }

    private static Batch batch(String contact, Set<Tag> remove, Set<Tag> apply) {
        return batch(contact, Map.of(), remove, apply);
    }

    private static Batch batch(String contact, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
        return new Batch(
                SERIAL.incrementAndGet(), new Contact(contact, null), false, false, fields, remove, apply, List.of());
    }

    private List<Outcome> deliver(List<Batch> batches) {
        List<Outcome> outcomes = crm.deliver(Bench.call(), batches).await();
        assertThat(outcomes).extracting(Outcome::batch).containsExactlyElementsOf(batches);
        return outcomes;
    }

    private Set<String> tagsOf(String contact) {
        return crm.getTags(Bench.call(), new Contact(contact, null)).await().stream()
                .map(Tag::requireId)
                .collect(Collectors.toSet());
    }

    private static void failed(Outcome outcome, Kind kind) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().kind()).isEqualTo(kind));
    }

    private static Fault instead(int status, String json) {
        return new Fault.Instead(Reply.json(status, new JsonObject(json)));
    }

    @Test
    void tagsOnAndOffOfManyContactsAreThreeCalls() {
        List<String> contacts =
                IntStream.range(0, 20).mapToObj(i -> contact("Trial")).toList();
        List<Batch> batches = contacts.stream()
                .map(contact -> batch(contact, Set.of(trial), Set.of(vip)))
                .toList();
        assertThat(deliver(batches)).hasOnlyElementsOfType(Outcome.Done.class);
        assertThat(fake.calls()).hasSize(3);
        contacts.forEach(contact -> assertThat(tagsOf(contact)).containsExactly(vip.requireId()));
    }

    @Test
    void aHundredContactsWithOneTagAreTwoCalls() {
        List<Batch> batches = IntStream.range(0, 100)
                .mapToObj(i -> batch(contact(), Set.of(), Set.of(vip)))
                .toList();
        assertThat(Bench.deliverAll(crm, batches)).containsExactly(100);
        assertThat(fake.calls()).hasSize(2);
        batches.forEach(batch -> assertThat(tagsOf(batch.contact().requireId())).containsExactly(vip.requireId()));
    }

    /** Four deliveries go on at once: a key may make 240 calls in the minute that each may take. */
    @Test
    void noDeliveryTakesMoreThanFiftyCalls() {
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Map<String, Value> fields =
                    Map.of("billing+locality", Value.text("Ghent"), "email", Value.text("moved" + i + "@example.com"));
            Tag own = tag("own" + i);
            Tag shared = tag("shared" + i / 2);
            batches.add(
                    switch (i % 4) {
                        case 0 -> batch(contact("own" + i), Set.of(own), Set.of(vip));
                        case 1 -> batch(contact("Trial"), fields, Set.of(trial), Set.of(own));
                        case 2 -> created();
                        default -> batch(contact(), Set.of(), Set.of(shared));
                    });
        }
        List<Batch> due = new ArrayList<>(batches);
        while (!due.isEmpty()) {
            List<Batch> together = List.copyOf(due.size() < 2 ? due : crm.together(due));
            int before = fake.calls().size();
            deliver(together);
            assertThat(fake.calls().size() - before).isLessThanOrEqualTo(50);
            assertThat(together).startsWith(due.get(0));
            due.removeAll(together);
        }
    }

    /** Their calls would be too many for the time of the delivery: the core sends each alone. */
    @Test
    void whenManyAreInDoubtNobodyIsDoneAlone() {
        List<Batch> batches = new ArrayList<>();
        IntStream.range(0, 29)
                .mapToObj(i -> batch(contact(), Set.of(), Set.of(vip)))
                .forEach(batches::add);
        batches.add(created());
        fake.next(new Fault.Pass(), instead(400, "{\"message\":\"one of them is none\"}"));
        List<Outcome> outcomes = deliver(batches);
        outcomes.forEach(outcome -> failed(outcome, Kind.INVALID));
        assertThat(outcomes.get(29))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.done().added()).isNotNull());
        assertThat(fake.calls()).hasSize(2);
    }

    @Test
    void whereTheAnswerTellsOfEachNobodyIsRead() {
        fake.tellsOutcomes(true);
        List<Batch> batches = List.of(
                batch(contact(), Set.of(), Set.of(vip)),
                batch(contact("VIP"), Set.of(), Set.of(vip)),
                batch("999999999", Set.of(), Set.of(vip)));
        List<Outcome> outcomes = deliver(batches);
        assertThat(outcomes.subList(0, 2)).hasOnlyElementsOfType(Outcome.Done.class);
        failed(outcomes.get(2), Kind.NOT_FOUND);
        assertThat(fake.calls()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoIsGoneIsNotFoundAndHoldsNobodyUp(boolean removed) {
        Tag tag = removed ? trial : vip;
        Set<Tag> remove = removed ? Set.of(tag) : Set.of();
        Set<Tag> apply = removed ? Set.of() : Set.of(tag);
        List<String> contacts = List.of(contact("Trial"), "999999999", contact("Trial"), contact("Trial"));
        List<Outcome> outcomes = deliver(
                contacts.stream().map(contact -> batch(contact, remove, apply)).toList());
        failed(outcomes.get(1), Kind.NOT_FOUND);
        for (int i : List.of(0, 2, 3)) {
            assertThat(outcomes.get(i)).isInstanceOf(Outcome.Done.class);
            assertThat(tagsOf(contacts.get(i)).contains(tag.requireId())).isEqualTo(!removed);
        }
    }

    /** Nothing is done behind an answer that says nothing. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWasNotDoneIsDoneAlone(boolean removed) {
        List<String> contacts = List.of(contact("Trial"), contact("Trial"), contact("Trial"));
        Set<Tag> remove = removed ? Set.of(trial) : Set.of();
        Set<Tag> apply = removed ? Set.of() : Set.of(vip);
        fake.next(removed ? new Fault.Instead(Reply.empty(204)) : instead(200, "{\"results\":{}}"));
        assertThat(deliver(contacts.stream()
                        .map(contact -> batch(contact, remove, apply))
                        .toList()))
                .hasOnlyElementsOfType(Outcome.Done.class);
        contacts.forEach(contact ->
                assertThat(tagsOf(contact).contains(trial.requireId())).isEqualTo(!removed));
        contacts.forEach(
                contact -> assertThat(tagsOf(contact).contains(vip.requireId())).isEqualTo(!removed));
    }

    @Test
    void aCallThatIsRefusedAsAWholeIsMadeOneByOne() {
        List<String> contacts = List.of(contact(), "999999999", contact(), contact());
        fake.next(instead(400, "{\"message\":\"one of them is none\"}"));
        List<Outcome> outcomes = deliver(contacts.stream()
                .map(contact -> batch(contact, Set.of(), Set.of(vip)))
                .toList());
        failed(outcomes.get(1), Kind.NOT_FOUND);
        assertThat(List.of(outcomes.get(0), outcomes.get(2), outcomes.get(3)))
                .hasOnlyElementsOfType(Outcome.Done.class);
        assertThat(tagsOf(contacts.get(3))).containsExactly(vip.requireId());
    }

    @Test
    void aTagThatIsGoneFailsThoseWhoWantItAndNobodyElse() {
        Tag gone = Tag.of("999", "gone");
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            batches.add(batch(contact(), Set.of(), Set.of(gone)));
            batches.add(batch(contact(), Set.of(), Set.of(vip)));
        }
        List<Outcome> outcomes = deliver(batches);
        for (int i = 0; i < 8; i++) {
            if (i % 2 == 0) {
                failed(outcomes.get(i), Kind.INVALID);
            } else {
                assertThat(outcomes.get(i)).isInstanceOf(Outcome.Done.class);
            }
        }
    }

    @Test
    void whatTimeMayHealIsNotTriedAtOnce() {
        List<Batch> batches = List.of(
                batch(contact(), Set.of(), Set.of(vip)),
                batch(contact(), Set.of(), Set.of(vip)),
                batch(contact(), Set.of(), Set.of(vip)));
        fake.next(instead(503, "{\"message\":\"later\"}"));
        deliver(batches).forEach(outcome -> failed(outcome, Kind.RATE_LIMITED));
        assertThat(fake.calls()).hasSize(1);
        fake.next(new Fault.Pass(), instead(500, "{\"message\":\"oops\"}"));
        deliver(batches).forEach(outcome -> failed(outcome, Kind.UNAVAILABLE));
        assertThat(fake.calls()).as("a read that fails tells nothing").hasSize(3);
    }

    @Test
    void creationsAndFieldsComeFirstAndWhatTheyDidIsTold() {
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Value email = Value.text("new" + SERIAL.incrementAndGet() + "@example.com");
            batches.add(new Batch(
                    SERIAL.incrementAndGet(),
                    new Contact(null, email.asText()),
                    true,
                    false,
                    Map.of("email", email),
                    Set.of(),
                    Set.of(vip),
                    List.of()));
        }
        batches.add(batch(contact(), Map.of("given_name", Value.text("Ann")), Set.of(), Set.of(vip)));
        batches.add(batch("999999999", Map.of("given_name", Value.text("Ann")), Set.of(), Set.of(vip)));
        List<Outcome> outcomes = deliver(batches);
        for (Outcome outcome : outcomes.subList(0, 4)) {
            assertThat(outcome).isInstanceOfSatisfying(Outcome.Done.class, done -> {
                assertThat(done.added()).isEqualTo(new Added(done.contact().requireId(), Added.How.CREATED));
                assertThat(tagsOf(done.contact().requireId())).containsExactly(vip.requireId());
            });
        }
        assertThat(outcomes.get(4)).isInstanceOf(Outcome.Done.class);
        failed(outcomes.get(5), Kind.NOT_FOUND);
        assertThat(fake.count("/contacts:applyTags")).isEqualTo(1);
    }

    @Test
    void aCreationWhoseTagsFailIsNotMadeAgain() {
        List<Batch> batches =
                List.of(created(), batch(contact(), Set.of(), Set.of(vip)), batch(contact(), Set.of(), Set.of(vip)));
        fake.next(new Fault.Pass(), instead(500, "{\"message\":\"oops\"}"));
        assertThat(deliver(batches).get(0)).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            String id = Optional.ofNullable(failed.reached()).map(Contact::id).orElse("");
            assertThat(id).isNotEmpty();
            assertThat(failed.done()).isEqualTo(new Steps(new Added(id, Added.How.CREATED), true, false, false, 0));
        });
    }

    private Batch created() {
        Value email = Value.text("created" + SERIAL.incrementAndGet() + "@example.com");
        return new Batch(
                SERIAL.incrementAndGet(),
                new Contact(null, email.asText()),
                true,
                false,
                Map.of("email", email),
                Set.of(),
                Set.of(vip),
                List.of());
    }

    @Test
    void tagsThatNobodySharesGoWithTheirContact() {
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            batches.add(batch(contact(), Set.of(), Set.of(vip)));
            batches.add(batch(contact(), Set.of(), Set.of(tag("a" + i), tag("b" + i))));
        }
        assertThat(deliver(batches)).hasOnlyElementsOfType(Outcome.Done.class);
        assertThat(fake.count("/contacts:applyTags")).isEqualTo(1);
        assertThat(fake.count("POST /crm/rest/v1/contacts/")).isEqualTo(5);
        assertThat(fake.calls()).hasSize(1 + 1 + 5);
    }

    /** Contacts that are there, whatever is to be changed, and whether Keap tells outcomes or not. */
    @Property(tries = 300)
    void thereAreNeverMoreCallsThanOneByOneAndTheSameComesOfIt(
            @ForAll("changes") List<Change> changes, @ForAll boolean tells) {
        fake.tellsOutcomes(tells);
        AtomicInteger calls = new AtomicInteger();
        Crm counted = counted(calls);
        List<Batch> together = changes.stream().map(this::batch).toList();
        List<Batch> apart = changes.stream().map(this::batch).toList();
        assertThat(counted.deliver(Bench.call(), together).await()).hasOnlyElementsOfType(Outcome.Done.class);
        int callsTogether = calls.getAndSet(0);
        apart.forEach(batch -> counted.deliver(Bench.call(), List.of(batch)).await());
        assertThat(callsTogether).isLessThanOrEqualTo(calls.get());
        for (int i = 0; i < changes.size(); i++) {
            assertThat(tags(counted, together.get(i))).isEqualTo(tags(counted, apart.get(i)));
        }
    }

    /** One contact's tags: those it has, those that go, those that come. */
    record Change(Set<String> had, Set<String> remove, Set<String> apply) {}

    @Provide
    Arbitrary<List<Change>> changes() {
        Arbitrary<Set<String>> some =
                Arbitraries.of("a", "b", "c", "d", "e", "f").set().ofMaxSize(3);
        return Combinators.combine(some, some, some).as(Change::new).list().ofMaxSize(12);
    }

    private Batch batch(Change change) {
        Set<Tag> apply = tags(change.apply());
        Set<Tag> remove = tags(change.remove()).stream()
                .filter(tag -> !apply.contains(tag))
                .collect(Collectors.toSet());
        return batch(contact(change.had().toArray(String[]::new)), remove, apply);
    }

    private Set<Tag> tags(Set<String> names) {
        return names.stream().map(this::tag).collect(Collectors.toSet());
    }

    private static Set<String> tags(Crm crm, Batch batch) {
        return crm.getTags(Bench.call(), batch.contact()).await().stream()
                .map(Tag::requireId)
                .collect(Collectors.toSet());
    }

    /** Without a network. */
    private Crm counted(AtomicInteger calls) {
        Keap keap = new Keap();
        Settings all = new Settings(settings);
        return keap.open(all, (call, request) -> {
            calls.incrementAndGet();
            var answer = fake.carryOut(keap.descriptor().authentication().sign(request, all, 0));
            Verdict verdict = keap.judge(request, answer);
            return verdict.failure() == null ? Future.succeededFuture(answer) : Future.failedFuture(verdict.failure());
        });
    }
}
