package io.crmux.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.connector.fake.FakeActiveCampaign;
import io.crmux.connector.fake.FakeActiveCampaign.Person;
import io.crmux.connector.fake.FakeCrm.Fault;
import io.crmux.connector.fake.FakeCrm.Received;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.kit.Bench;
import io.crmux.crm.Batch;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Deletion;
import io.crmux.crm.Event;
import io.crmux.crm.JobState;
import io.crmux.crm.Jobs;
import io.crmux.crm.Limit;
import io.crmux.crm.Outcome;
import io.crmux.crm.Request;
import io.crmux.crm.Settings;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of many contacts that ActiveCampaign imports, and those that it does not. */
class ActiveCampaignImportsTest {

    private final Vertx vertx = Vertx.vertx();
    private final FakeActiveCampaign fake = new FakeActiveCampaign(vertx);
    private final Map<String, String> settings =
            Map.of("url", fake.url(), "key", FakeActiveCampaign.KEY, "urls.events", fake.url());
    private final Crm crm = Bench.open(vertx, new ActiveCampaign(), settings);
    private final List<String> ids =
            IntStream.range(0, 30).mapToObj(i -> fake.add(email(i), "before")).toList();
    private long batches;

    @AfterEach
    void close() {
        fake.close();
        vertx.close().await();
    }

    private static String email(int i) {
        return "user" + i + "@example.com";
    }

    private Person person(int i) {
        return Objects.requireNonNull(fake.person(ids.get(i)));
    }

    private Batch batch(String id, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
        return new Batch(++batches, new Contact(id, null), false, false, fields, remove, apply, List.of());
    }

    private Batch vip(String id) {
        return batch(id, Map.of(), Set.of(), Set.of(Tag.named("vip")));
    }

    private List<Batch> vips() {
        return new ArrayList<>(ids.stream().map(this::vip).toList());
    }

    private List<Outcome> deliver(List<Batch> some) {
        List<Outcome> outcomes = crm.deliver(Bench.call(), some).await();
        assertThat(outcomes).extracting(Outcome::batch).containsExactlyElementsOf(some);
        return outcomes;
    }

    private static String job(Outcome outcome) {
        return Objects.requireNonNull(((Outcome.Accepted) outcome).job());
    }

    private JobState poll(String job) {
        return ((Jobs) crm).poll(Bench.call(), job).await();
    }

    /** It is done when it is asked for a second time. */
    private JobState ended(List<Outcome> outcomes) {
        assertThat(poll(job(outcomes.get(0)))).isEqualTo(new JobState.Running());
        return poll(job(outcomes.get(0)));
    }

    private static Kind kind(Outcome outcome) {
        return ((Outcome.Failed) outcome).failure().kind();
    }

    @Test
    void manyContactsAreOneReadAndOneImportAndNotDoneBeforeItIs() {
        Map<String, Value> fields = Map.of(
                "first_name", Value.text("Jané"),
                "lastName", Value.text("Doe"),
                "phone", Value.text("1"),
                "1", new Value.Day(LocalDate.of(2026, 11, 25)),
                "field[2,0]", new Value.Choices(List.of("red", "blue")));
        List<Batch> some = vips();
        some.set(7, batch(ids.get(7), fields, Set.of(), Set.of(Tag.named("VIP"), Tag.named("with, comma"))));
        List<Outcome> outcomes = deliver(some);
        assertThat(fake.calls()).hasSize(2);
        assertThat(outcomes).allSatisfy(outcome -> assertThat(job(outcome)).isEqualTo(job(outcomes.get(0))));
        assertThat(person(0).tags()).containsExactly("before");
        assertThat(ended(outcomes)).isEqualTo(new JobState.Ended(List.of()));
        assertThat(fake.size()).isEqualTo(30);
        assertThat(person(0).tags()).containsExactlyInAnyOrder("before", "vip");
        assertThat(person(7).tags()).hasSize(3);
        assertThat(person(7).custom()).isEqualTo(Map.of("1", "2026-11-25", "2", "||red||blue||"));
        Map<String, Value> read = crm.loadContact(Bench.call(), new Contact(ids.get(7), null))
                .await()
                .fields();
        assertThat(read)
                .containsEntry("first_name", Value.text("Jané"))
                .containsEntry("last_name", Value.text("Doe"))
                .containsEntry("phone", Value.text("1"));
    }

    /** No list is joined or left, and automations run, as they do after single calls. */
    @Test
    void anImportSaysNothingOfListsAndAutomations() {
        deliver(vips());
        JsonObject body = fake.calls().get(1).json();
        assertThat(body.fieldNames()).containsExactly("contacts");
        assertThat(body.getJsonArray("contacts").getJsonObject(0).fieldNames())
                .containsExactlyInAnyOrder("email", "tags", "fields");
    }

    @Test
    void fewContactsGoOneByOne() {
        List<Outcome> outcomes = deliver(vips().subList(0, 24));
        assertThat(outcomes).hasOnlyElementsOfType(Outcome.Done.class);
        assertThat(fake.count("import")).isZero();
        assertThat(fake.calls()).hasSize(24);
    }

    @Test
    void whatAnImportCannotDoGoesAsItAlwaysDid() {
        Set<Tag> none = Set.of();
        List<Batch> some = vips();
        String other = fake.add("other@example.com", "before", "old");
        String gone = fake.add("gone@example.com");
        List<Batch> alone = List.of(
                batch(other, Map.of(), Set.of(Tag.named("old")), Set.of(Tag.named("new"))),
                batch(ids.get(1), Map.of("first_name", Value.cleared()), none, Set.of(Tag.named("cleared"))),
                batch(ids.get(2), Map.of("email", Value.text("moved@example.com")), none, none),
                batch(ids.get(3), Map.of("shoe", Value.text("9")), none, none),
                batch(ids.get(4), Map.of("1", Value.text("x".repeat(2_000))), none, none),
                new Batch(
                        ++batches,
                        new Contact(null, "new@example.com"),
                        true,
                        false,
                        Map.of("email", Value.text("new@example.com")),
                        none,
                        Set.of(Tag.named("vip")),
                        List.of()),
                new Batch(++batches, new Contact(gone, null), false, true, Map.of(), none, none, List.of()),
                new Batch(
                        ++batches,
                        new Contact(ids.get(5), null),
                        false,
                        false,
                        Map.of(),
                        none,
                        Set.of(Tag.named("vip")),
                        List.of(new Event("bought", new JsonObject()))),
                batch("999999", Map.of(), Set.of(Tag.named("old")), none));
        some.subList(1, 6).clear();
        some.addAll(3, alone);
        List<Outcome> outcomes = deliver(some);
        assertThat(outcomes.subList(3, 11)).hasOnlyElementsOfType(Outcome.Done.class);
        assertThat(kind(outcomes.get(11))).isEqualTo(Kind.NOT_FOUND);
        assertThat(outcomes).filteredOn(Outcome.Accepted.class::isInstance).hasSize(25);
        assertThat(Objects.requireNonNull(fake.person(other)).tags()).containsExactlyInAnyOrder("before", "new");
        assertThat(person(1).tags()).contains("cleared");
        assertThat(fake.person(gone)).isNull();
        assertThat(fake.count("POST /event")).isEqualTo(1);
        assertThat(imported()).hasSize(25).doesNotContain("moved@example.com", email(1), "new@example.com");
    }

    private List<String> imported() {
        return fake.calls().stream()
                .filter(call -> call.path().endsWith("/bulk_import"))
                .map(Received::json)
                .flatMap(body -> body.getJsonArray("contacts").stream())
                .map(contact -> ((JsonObject) contact).getString("email"))
                .toList();
    }

    /** An import would create them anew under the address that the site knows. */
    @Test
    void whoIsDeletedOrHasMovedIsNotCreatedAnew() {
        List<Batch> some = vips();
        some.set(0, named(0, "user0@example.com"));
        some.set(1, named(1, "user1@example.com"));
        some.set(2, named(2, "user2@example.com"));
        ((Deletion) crm)
                .deleteContact(Bench.call(), new Contact(ids.get(0), null))
                .await();
        change(1, "moved@example.com");
        change(2, "deleted+" + ids.get(2) + "@example.com");
        change(3, "o'brien@example.com");
        List<Outcome> outcomes = deliver(some);
        assertThat(List.of(outcomes.get(0), outcomes.get(2), outcomes.get(3)))
                .as("to be sent alone")
                .allSatisfy(outcome -> assertThat(kind(outcome)).isEqualTo(Kind.INVALID));
        assertThat(ended(outcomes.subList(4, 30))).isEqualTo(new JobState.Ended(List.of()));
        assertThat(fake.size()).isEqualTo(29);
        assertThat(person(1).tags()).contains("vip");
        assertThat(crm.deliver(Bench.call(), List.of(some.get(0))).await())
                .allSatisfy(outcome -> assertThat(kind(outcome)).isEqualTo(Kind.NOT_FOUND));
        assertThat(crm.deliver(Bench.call(), List.of(some.get(3))).await()).hasOnlyElementsOfType(Outcome.Done.class);
    }

    private Batch named(int i, String email) {
        Contact contact = new Contact(ids.get(i), email);
        return new Batch(++batches, contact, false, false, Map.of(), Set.of(), Set.of(Tag.named("vip")), List.of());
    }

    private void change(int i, String email) {
        crm.updateContact(Bench.call(), new Contact(ids.get(i), null), Map.of("email", Value.text(email)))
                .await();
    }

    /** Who is known by telephone only may have no address at all. */
    @Test
    void whoHasNoAddressIsSentAlone() {
        JsonArray contacts =
                new JsonArray().add(new JsonObject().put("id", ids.get(0)).putNull("email"));
        for (int i = 1; i < 30; i++) {
            contacts.add(new JsonObject().put("id", ids.get(i)).put("email", email(i)));
        }
        fake.next(new Fault.Instead(Reply.json(200, new JsonObject().put("contacts", contacts))));
        List<Outcome> outcomes = deliver(vips());
        assertThat(kind(outcomes.get(0))).isEqualTo(Kind.INVALID);
        assertThat(outcomes.subList(1, 30)).hasOnlyElementsOfType(Outcome.Accepted.class);
    }

    @Test
    void whoseImportWouldBeTooSmallIsSentAlone() {
        IntStream.range(0, 6).forEach(i -> change(i, i + "o'brien@example.com"));
        assertThat(deliver(vips()))
                .allSatisfy(outcome -> assertThat(kind(outcome)).isEqualTo(Kind.INVALID));
        assertThat(fake.count("import")).isZero();
    }

    /** Everybody else's is done. */
    @Test
    void thePartOfWhoIsRefusedIsNotDone() {
        fake.exclude(email(3));
        List<Outcome> outcomes = deliver(vips());
        JobState.Ended ended = (JobState.Ended) ended(outcomes);
        for (int i = 0; i < 30; i++) {
            Optional<Kind> failure =
                    ended.failure(outcomes.get(i).batch().contact()).map(CrmException::kind);
            assertThat(failure).isEqualTo(i == 3 ? Optional.of(Kind.INVALID) : Optional.empty());
        }
        assertThat(person(3).tags()).containsExactly("before");
    }

    @Test
    void whereAGreatManyAreRefusedEachIsAskedByHimself() {
        IntStream.range(0, 21).forEach(i -> fake.exclude(email(i)));
        JobState state = ended(deliver(vips()));
        assertThat(state)
                .isInstanceOfSatisfying(
                        JobState.Failed.class,
                        failed -> assertThat(failed.failure().kind()).isEqualTo(Kind.INVALID));
        assertThat(fake.count("?email=")).isZero();
    }

    private void nextStatus(Object status) {
        fake.next(new Fault.Instead(Reply.json(200, new JsonObject().put("status", status))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"failed", "interrupted"})
    void anImportThatWillNotGoOnHasFailed(String status) {
        nextStatus(status);
        assertThat(poll("import-1")).isInstanceOf(JobState.Failed.class);
    }

    @Test
    void anImportWithoutAStatusYetIsUnderWay() {
        List<Object> statuses = List.of(false, "waiting", "claimed", "active");
        for (Object status : statuses) {
            nextStatus(status);
            assertThat(poll("import-1")).isEqualTo(new JobState.Running());
        }
    }

    /** It may have refused somebody. */
    @Test
    void anEndThatDoesNotSayWhoWasRefusedIsNoEnd() {
        nextStatus("completed");
        fails(Kind.UNAVAILABLE, "import-1");
    }

    @Test
    void anImportThatThereIsNotIsNotFound() {
        fails(Kind.NOT_FOUND, "import-99");
    }

    private void fails(Kind kind, String job) {
        assertThatThrownBy(() -> poll(job))
                .isInstanceOfSatisfying(
                        CrmException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind));
    }

    @Test
    void tooManyImportsInAMinuteAreToldAndTheRestIsDone() {
        List<Batch> some = vips();
        some.add(0, batch(fake.add("other@example.com"), Map.of(), Set.of(Tag.named("a")), Set.of()));
        JsonObject limited = new JsonObject()
                .put("success", 0)
                .put("message", "Rate limit exceeded.")
                .put("failureReasons", new JsonArray().add("Up to 100 imports may be requested per minute."));
        fake.next(new Fault.Pass(), new Fault.Instead(Reply.json(400, limited)));
        List<Outcome> outcomes = deliver(some);
        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Done.class);
        assertThat(outcomes.subList(1, 31)).allSatisfy(outcome -> {
            assertThat(kind(outcome)).isEqualTo(Kind.RATE_LIMITED);
            assertThat(((Outcome.Failed) outcome).failure().waitMillis()).isEqualTo(60_000);
        });
    }

    @Test
    void anAnswerThatNamesNoImportIsNoneThatWasAccepted() {
        fake.next(new Fault.Pass(), new Fault.Instead(Reply.json(200, new JsonObject().put("Success", 0))));
        assertThat(deliver(vips()))
                .allSatisfy(outcome -> assertThat(kind(outcome)).isEqualTo(Kind.UNAVAILABLE));
    }

    @Test
    void twoHundredAndFiftyContactsAreFourCallsHoweverMuchIsToBeSaid() {
        List<Batch> some = IntStream.range(0, 250)
                .mapToObj(i -> fake.add("x".repeat(200) + i + "@example.com"))
                .map(id -> batch(id, Map.of("1", Value.text("ü".repeat(550))), Set.of(), Set.of(Tag.named("vip"))))
                .toList();
        assertThat(deliver(some)).hasOnlyElementsOfType(Outcome.Accepted.class);
        assertThat(fake.calls()).hasSize(4);
        assertThat(fake.calls().get(3).body().length()).isBetween(300_000, 399_999);
    }

    @Test
    void importsHaveALimitOfTheirOwn() {
        List<Request> requests = new ArrayList<>();
        ActiveCampaign connector = new ActiveCampaign();
        Settings values = new Settings(settings);
        Crm recorded = connector.open(values, (call, request) -> {
            requests.add(request);
            return Future.succeededFuture(
                    fake.carryOut(connector.descriptor().authentication().sign(request, values, 0)));
        });
        recorded.deliver(Bench.call(), vips()).await();
        assertThat(requests).extracting(Request::bucket).containsExactly(Limit.ORDINARY, "imports");
        assertThat(connector.descriptor().limits()).contains(new Limit(100, Duration.ofMinutes(1), "imports"));
    }

    /** The others are waited for by nobody: they are due again. */
    @Test
    void whatIsImportedGoesTogetherAndWhatIsNotGoesAlone() {
        List<Batch> some = vips();
        Batch removal = batch(ids.get(0), Map.of(), Set.of(Tag.named("a")), Set.of());
        some.add(3, removal);
        assertThat(crm.together(some)).hasSize(30).doesNotContain(removal);
        assertThat(crm.together(some.subList(3, 20))).containsExactly(removal);
    }
}
