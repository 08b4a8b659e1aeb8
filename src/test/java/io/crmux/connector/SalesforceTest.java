package io.crmux.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.connector.fake.FakeCrm.Fault;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeSalesforce;
import io.crmux.connector.kit.Bench;
import io.crmux.crm.Allowance;
import io.crmux.crm.Answer;
import io.crmux.crm.Batch;
import io.crmux.crm.BulkLookUp;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Outcome;
import io.crmux.crm.Request;
import io.crmux.crm.Tag;
import io.crmux.crm.TagCreation;
import io.crmux.crm.Value;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is peculiar to Salesforce. */
class SalesforceTest {

    private static final String NOBODY = "003xx000004TmiQAAS";

    private final Vertx vertx = Vertx.vertx();
    private final FakeSalesforce fake = new FakeSalesforce(vertx);
    private final Crm topics = open("topics", Map.of());
    private final Crm picklist = open("picklist", Map.of());

    private Crm open(String tagType, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(fake.settings(FakeSalesforce.TOKEN, tagType));
        settings.putAll(more);
        return Bench.open(vertx, new Salesforce(), settings);
    }

    @AfterEach
    void close() {
        fake.close();
        vertx.close().await();
    }

    private Tag topic(String name) {
        return Tag.of(fake.topic(name), name);
    }

    private Map<String, Object> held(String id) {
        return Objects.requireNonNull(fake.contact(id));
    }

    private static Batch batch(String id, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
        return new Batch(1, new Contact(id, null), false, false, fields, remove, apply, List.of());
    }

    private static void failsWith(Kind kind, Future<?> future) {
        assertThatThrownBy(future::await)
                .isInstanceOfSatisfying(
                        CrmException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind));
    }

    private static Reply refusal(int status, String code, String message) {
        return new Reply(
                status,
                "application/json",
                "[{\"errorCode\":\"" + code + "\",\"message\":\"" + message + "\"}]",
                List.of());
    }

    // ---- ids and queries

    @ParameterizedTest
    @CsvSource({"003xx000004TmiQ, 003xx000004TmiQAAS", "003D000000QoYEs, 003D000000QoYEsIAN"})
    void shortIdsBecomeLongOnes(String given, String full) {
        assertThat(SalesforceId.full(given)).hasValue(full);
        assertThat(SalesforceId.full(full)).hasValue(full);
    }

    @Test
    void aShortIdNamesTheSameContact() {
        String jane = fake.add("jane@example.com", "vip");
        Contact given = new Contact(jane.substring(0, 15), null);
        assertThat(topics.getTags(Bench.call(), given).await()).hasSize(1);
        assertThat(topics.updateContact(Bench.call(), given, Map.of("FirstName", Value.text("Jane")))
                        .await()
                        .id())
                .isEqualTo(jane);
    }

    @Test
    void whatIsNoIdIsNobodyAndIsNotAskedFor() {
        Contact nobody = new Contact("x' OR Id != '", null);
        failsWith(Kind.NOT_FOUND, topics.getTags(Bench.call(), nobody));
        failsWith(Kind.NOT_FOUND, picklist.loadContact(Bench.call(), nobody));
        assertThat(fake.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x' OR Email != '", "x\\' OR Email != \\'", "\\"})
    void noAddressReachesOutOfItsQuotes(String address) {
        fake.add("jane@example.com");
        assertThat(topics.getContactId(Bench.call(), address).await()).isEmpty();
    }

    @Test
    void ofTwoContactsWithOneAddressTheFirstIsMeant() {
        String first = fake.add("jane@example.com");
        fake.add("Jane@example.com");
        assertThat(((BulkLookUp) topics)
                        .getContactIds(Bench.call(), List.of("JANE@example.com", "joe@example.com"))
                        .await())
                .containsOnlyKeys("JANE@example.com")
                .hasEntrySatisfying(
                        "JANE@example.com", found -> assertThat(found.id()).isEqualTo(first));
        assertThat(fake.calls()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@elsewhere.example.com/services/data/v64.0/query/01g",
                "https://elsewhere.example.com/services/data/v64.0/query/01g",
                "/services/data/v64.0/query/../sobjects",
                "/"
            })
    void theNextPartIsOnTheSameHost(String next) {
        fake.next(new Fault.Instead(
                Reply.json(200, new JsonObject("{\"done\":false,\"records\":[]}").put("nextRecordsUrl", next))));
        failsWith(Kind.UNAVAILABLE, topics.syncTags(Bench.call()));
        assertThat(fake.calls()).hasSize(1);
    }

    // ---- rows

    @Test
    void severalTagsAreOneCallAndOneThatIsThereIsAsGood() {
        String jane = fake.add("jane@example.com", "old");
        topics.applyTags(Bench.call(), new Contact(jane, null), Set.of(topic("old"), topic("vip"), topic("gold")))
                .await();
        assertThat(fake.calls()).hasSize(1);
        assertThat(topics.getTags(Bench.call(), new Contact(jane, null)).await())
                .hasSize(3);
    }

    @Test
    void rowsThatMayNotBeWrittenTogetherGoOneByOne() {
        Contact jane = new Contact(fake.add("jane@example.com", "old"), null);
        Set<Tag> tags = Set.of(topic("old"), topic("vip"), topic("gold"));
        Fault refused = new Fault.Instead(refusal(400, "INVALID_TYPE", "not supported"));
        fake.next(refused);
        topics.applyTags(Bench.call(), jane, tags).await();
        assertThat(fake.calls()).hasSize(4);
        assertThat(topics.getTags(Bench.call(), jane).await()).hasSize(3);
        fake.next(new Fault.Pass(), refused);
        topics.removeTags(Bench.call(), jane, tags).await();
        assertThat(topics.getTags(Bench.call(), jane).await()).isEmpty();
    }

    @Test
    void aCallHasTwoHundredRows() {
        String jane = fake.add("jane@example.com");
        Set<Tag> tags = new LinkedHashSet<>();
        IntStream.range(0, 201).forEach(i -> tags.add(topic("topic " + i)));
        topics.applyTags(Bench.call(), new Contact(jane, null), tags).await();
        assertThat(fake.calls()).hasSize(2);
        topics.removeTags(Bench.call(), new Contact(jane, null), tags).await();
        assertThat(fake.count("DELETE")).isEqualTo(2);
        assertThat(topics.getTags(Bench.call(), new Contact(jane, null)).await())
                .isEmpty();
    }

    @Test
    void aMissingTopicIsNoMissingContact() {
        String jane = fake.add("jane@example.com");
        Tag gone = Tag.of("0TOxx0000004C92GAE", "gone");
        failsWith(Kind.INVALID, topics.applyTags(Bench.call(), new Contact(jane, null), Set.of(gone)));
        failsWith(Kind.NOT_FOUND, topics.applyTags(Bench.call(), new Contact(NOBODY, null), Set.of(gone)));
    }

    @Test
    void aTopicOfAnyCaseIsThere() {
        fake.topic("Vip");
        failsWith(Kind.DUPLICATE, ((TagCreation) topics).addTag(Bench.call(), "VIP"));
    }

    @Test
    void manyContactsGetATopicInOneCallAndTheMissingOneIsTold() {
        String jane = fake.add("jane@example.com", "old");
        String joe = fake.add("joe@example.com", "old");
        List<Outcome> outcomes = topics.deliver(
                        Bench.call(),
                        List.of(
                                batch(jane, Map.of("FirstName", Value.text("Jane")), Set.of(topic("old")), Set.of()),
                                batch(NOBODY, Map.of("FirstName", Value.text("Nobody")), Set.of(), Set.of()),
                                batch(joe, Map.of("FirstName", Value.text("Joe")), Set.of(topic("old")), Set.of())))
                .await();
        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Done.class);
        assertThat(outcomes.get(1))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().kind()).isEqualTo(Kind.NOT_FOUND));
        assertThat(outcomes.get(2)).isInstanceOf(Outcome.Done.class);
        assertThat(held(joe)).containsEntry("FirstName", "Joe");
        assertThat(fake.count("PATCH")).isEqualTo(1);
        assertThat(fake.count("DELETE")).isEqualTo(1);
    }

    @Test
    void twoMayNotGetOneAddressAtOnce() {
        String jane = fake.add("jane@example.com");
        String joe = fake.add("joe@example.com");
        Map<String, Value> same = Map.of("Email", Value.text("same@example.com"));
        List<Outcome> outcomes = topics.deliver(
                        Bench.call(),
                        List.of(batch(jane, same, Set.of(), Set.of()), batch(joe, same, Set.of(), Set.of())))
                .await();
        assertThat(outcomes).filteredOn(Outcome.Done.class::isInstance).hasSize(1);
        assertThat(outcomes)
                .filteredOn(Outcome.Failed.class::isInstance)
                .singleElement()
                .extracting(failed -> ((Outcome.Failed) failed).failure().kind())
                .isEqualTo(Kind.DUPLICATE);
    }

    @Test
    void whoHasAnAddressAlreadyKeepsItThoughAnotherHasItToo() {
        fake.add("jane@example.com");
        String second = fake.add("jane@example.com");
        Map<String, Value> fields = Map.of("Email", Value.text("Jane@example.com"), "FirstName", Value.text("Jane"));
        topics.updateContact(Bench.call(), new Contact(second, null), fields).await();
        assertThat(held(second)).containsEntry("FirstName", "Jane");
    }

    @Test
    void personalAndPublicTagsAreNotOneAnother() {
        Crm personal = open("personal", Map.of());
        String jane = fake.add("jane@example.com");
        personal.applyTags(Bench.call(), new Contact(jane, null), Set.of(Tag.named("mine")))
                .await();
        Crm publicly = open("public", Map.of());
        assertThat(publicly.getTags(Bench.call(), new Contact(jane, null)).await())
                .isEmpty();
        assertThat(publicly.syncTags(Bench.call()).await()).isEmpty();
        assertThat(personal.syncTags(Bench.call()).await())
                .extracting(Tag::name)
                .containsExactly("mine");
    }

    @Test
    void theTagsOfAnotherObjectAreRowsOfTheirOwn() {
        open("public", Map.of("object_type", "Member__c"))
                .loadContacts(Bench.call(), Tag.named("vip"), 10, null)
                .await();
        open("public", Map.of("object_type", "Lead"))
                .loadContacts(Bench.call(), Tag.named("vip"), 10, null)
                .await();
        assertThat(fake.count("Member__tag")).isEqualTo(1);
        assertThat(fake.count("LeadTag")).isEqualTo(1);
    }

    // ---- contacts

    @Test
    void whatAContactMustHaveIsFilled() {
        fake.require("Origin__c");
        Contact jane = add("jane@example.com");
        assertThat(held(jane.requireId())).containsEntry("Origin__c", "-").containsEntry("LastName", "unknown");
        int before = fake.calls().size();
        add("joe@example.com");
        assertThat(fake.calls()).as("it is remembered").hasSize(before + 1);
    }

    private Contact add(String email) {
        return topics.addContact(Bench.call(), Map.of("Email", Value.text(email)))
                .map(added -> new Contact(added.id(), email))
                .await();
    }

    @Test
    void newContactsBelongWhereTheSettingsSay() {
        Crm crm = open("topics", Map.of("account", "001xx000003DGb2AAG", "record_type", "012xx0000004C92AAE"));
        String id = crm.addContact(Bench.call(), Map.of("Email", Value.text("jane@example.com")))
                .await()
                .id();
        assertThat(held(id))
                .containsEntry("AccountId", "001xx000003DGb2AAG")
                .containsEntry("RecordTypeId", "012xx0000004C92AAE");
    }

    @Test
    void aContactThatIsMerelyAlikeIsNotTakenForTheSame() {
        String jane = fake.add("jane@example.com");
        Fault rule = new Fault.Instead(refusal(400, "DUPLICATES_DETECTED", "Use one of these records?"));
        fake.next(rule);
        failsWith(Kind.INVALID, topics.addContact(Bench.call(), Map.of("Email", Value.text("janet@example.com"))));
        fake.next(rule);
        Future<?> known = topics.addContact(Bench.call(), Map.of("Email", Value.text("jane@example.com")));
        failsWith(Kind.DUPLICATE, known);
        assertThat(((CrmException) known.cause()).existingId()).isEqualTo(jane);
    }

    @Test
    void theDescriptionIsRememberedUntilAFieldIsGone() {
        Contact jane = new Contact(fake.add("jane@example.com"), null);
        topics.loadContact(Bench.call(), jane).await();
        topics.loadContact(Bench.call(), jane).await();
        assertThat(fake.count("describe")).isEqualTo(1);
        fake.drop("Nickname__c");
        topics.loadContact(Bench.call(), jane).await();
        topics.loadContact(Bench.call(), jane).await();
        assertThat(fake.count("describe")).isEqualTo(2);
    }

    @Test
    void anObjectThatThereIsNotIsNoMissingContact() {
        failsWith(Kind.INVALID, open("topics", Map.of("object_type", "Kontact")).connect(Bench.call()));
    }

    // ---- picklist

    @Test
    void fieldsAndTagsAreOneCallAfterOneThatReads() {
        String jane = fake.add("jane@example.com", "old");
        picklist.deliver(
                        Bench.call(),
                        List.of(batch(
                                jane,
                                Map.of("FirstName", Value.text("Jane")),
                                Set.of(Tag.named("old")),
                                Set.of(Tag.named("vip"), Tag.named("gold")))))
                .await();
        assertThat(fake.calls()).hasSize(2);
        assertThat(held(jane)).containsEntry("FirstName", "Jane");
        assertThat(String.valueOf(held(jane).get(FakeSalesforce.FIELD)).split(";"))
                .containsExactlyInAnyOrder("vip", "gold");
    }

    @Test
    void changesOfManyContactsAreTwoCalls() {
        List<Batch> batches = new ArrayList<>();
        IntStream.range(0, 199)
                .forEach(i -> batches.add(batch(
                        fake.add("user" + i + "@example.com", "kept"), Map.of(), Set.of(), Set.of(Tag.named("vip")))));
        batches.add(batch(NOBODY, Map.of(), Set.of(), Set.of(Tag.named("vip"))));
        List<Outcome> outcomes = picklist.deliver(Bench.call(), batches).await();
        assertThat(fake.calls()).hasSize(2);
        assertThat(outcomes.subList(0, 199)).hasOnlyElementsOfType(Outcome.Done.class);
        assertThat(outcomes.get(199)).isInstanceOf(Outcome.Failed.class);
        assertThat(held(batches.get(7).contact().requireId())).containsEntry(FakeSalesforce.FIELD, "kept;vip");
    }

    @Test
    void aValueWithASemicolonFailsItsOwnContactOnly() {
        String jane = fake.add("jane@example.com", "kept");
        String joe = fake.add("joe@example.com", "kept");
        String ann = fake.add("ann@example.com", "kept");
        List<Outcome> outcomes = picklist.deliver(
                        Bench.call(),
                        List.of(
                                batch(jane, Map.of(), Set.of(), Set.of(Tag.named("vip;gold"))),
                                batch(joe, Map.of(), Set.of(), Set.of(Tag.named("vip"))),
                                batch(ann, Map.of(), Set.of(), Set.of(Tag.named("vip")))))
                .await();
        assertThat(outcomes).hasExactlyElementsOfTypes(Outcome.Failed.class, Outcome.Done.class, Outcome.Done.class);
        assertThat(((Outcome.Failed) outcomes.get(0)).failure().kind()).isEqualTo(Kind.INVALID);
        assertThat(held(jane)).containsEntry(FakeSalesforce.FIELD, "kept");
        assertThat(held(ann)).containsEntry(FakeSalesforce.FIELD, "kept;vip");
    }

    @Test
    void tagsThatCouldNotBeReadAreNotWritten() {
        String jane = fake.add("jane@example.com", "kept");
        Tag vip = Tag.named("vip");
        fake.next(new Fault.Instead(Reply.json(200, new JsonObject("{\"Id\":\"" + jane + "\"}"))));
        failsWith(Kind.UNAVAILABLE, picklist.applyTags(Bench.call(), new Contact(jane, null), Set.of(vip)));
        assertThat(fake.count("PATCH")).isZero();
    }

    @Test
    void aValueThatThePicklistCannotHaveIsRefused() {
        Contact jane = new Contact(fake.add("jane@example.com"), null);
        failsWith(Kind.INVALID, picklist.applyTags(Bench.call(), jane, Set.of(Tag.named("a;b"))));
        fake.restrict();
        failsWith(Kind.INVALID, picklist.applyTags(Bench.call(), jane, Set.of(Tag.named("new"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Email", "Unknown__c"})
    void tagsNeedAMultiSelectPicklist(String field) {
        Crm without = open("picklist", Map.of("tag_picklist", field));
        assertThatThrownBy(() -> without.connect(Bench.call()).await()).hasMessageContaining("tag_picklist");
    }

    // ---- what answers mean

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
        403, REQUEST_LIMIT_EXCEEDED, TotalRequests Limit exceeded.,           RATE_LIMITED, 900000
        403, REQUEST_LIMIT_EXCEEDED, ConcurrentPerOrgLongTxn Limit exceeded., RATE_LIMITED, -
        403, API_DISABLED_FOR_ORG,   API is not enabled,                      UNAUTHORIZED, -
        403, INSUFFICIENT_ACCESS_OR_READONLY, insufficient access,            INVALID,      -
        400, UNABLE_TO_LOCK_ROW,     unable to obtain exclusive access,       UNAVAILABLE,  -
        400, DUPLICATE_VALUE,        duplicate value found,                   DUPLICATE,    -
        400, FIELD_CUSTOM_VALIDATION_EXCEPTION, no,                           INVALID,      -
        401, INVALID_SESSION_ID,     Session expired or invalid,              UNAUTHORIZED, -
        404, ENTITY_IS_DELETED,      entity is deleted,                       NOT_FOUND,    -
        503, SERVER_UNAVAILABLE,     later,                                   UNAVAILABLE,  -
        """)
    void errorsAreToldApartByTheirCode(int status, String code, String message, Kind kind, @Nullable Long wait) {
        Reply reply = refusal(status, code, message);
        CrmException failure = Objects.requireNonNull(new Salesforce()
                .judge(Request.get("https://a", "/sobjects/{object}/{id}"), answer(reply))
                .failure());
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.waitMillis()).isEqualTo(wait);
        assertThat(failure.words()).contains(message);
    }

    private static Answer answer(Reply reply, String... headers) {
        MultiMap all = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        return new Answer(reply.status(), all, Buffer.buffer(reply.body()));
    }

    @Test
    void everyAnswerTellsHowManyCallsAreLeft() {
        Answer answer = answer(
                refusal(400, "X", "x"),
                "Sforce-Limit-Info",
                "per-app-api-usage=17/250(appName=other), api-usage=18/5000");
        assertThat(new Salesforce()
                        .judge(Request.get("https://a", "/query"), answer)
                        .allowances())
                .containsExactly(new Allowance("ordinary", 5000, Duration.ofDays(1), 4982, null));
    }
}
