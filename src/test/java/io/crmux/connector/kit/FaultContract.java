package io.crmux.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeCrm.Fault;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.crm.BulkLookUp;
import io.crmux.crm.Call;
import io.crmux.crm.Connector;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Deletion;
import io.crmux.crm.FieldTarget;
import io.crmux.crm.Lists;
import io.crmux.crm.Settings;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connector makes of everything that can go wrong on its wire: told by a fake, since no real CRM fails to order. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class FaultContract {

    private static final String HTML = "<html><body>Bad gateway</body></html>";

    protected final Vertx vertx = Vertx.vertx();

    protected abstract Connector connector();

    protected abstract Map<String, String> settings();

    protected abstract FakeCrm fake();

    /** What a look-up would answer that has found {@code other@example.com} instead of who was asked for. */
    protected abstract Reply somebodyElse();

    /** Answers to the first request of {@code getTags} that have no tags in them, or something else in their place. */
    protected abstract List<JsonObject> wrongTags();

    /** A tag to write with; there need not be one of that name. */
    protected Tag tag(String name) {
        return Tag.named(name);
    }

    private String firstName() {
        return field("first_name");
    }

    private String field(String key) {
        FieldTarget target = connector().descriptor().fields().get(key);
        return target == null ? key : target.field();
    }

    @AfterAll
    void close() {
        fake().close();
        vertx.close().await();
    }

    private Crm crm() {
        return Bench.open(vertx, connector(), settings());
    }

    private static Call call() {
        return Bench.call();
    }

    private static Fault instead(int status, String mediaType, String body, String... headers) {
        return new Fault.Instead(new Reply(status, mediaType, body, List.of(headers)));
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("401", instead(401, "application/json", "{}"), Kind.UNAUTHORIZED),
                Arguments.of("403", instead(403, "application/json", "{}"), Kind.UNAUTHORIZED),
                Arguments.of(
                        "429 with a wait",
                        instead(429, "application/json", "{}", "retry-after", "7"),
                        Kind.RATE_LIMITED),
                Arguments.of("429 without", instead(429, "text/plain", ""), Kind.RATE_LIMITED),
                Arguments.of("500", instead(500, "application/json", "{\"message\":\"oops\"}"), Kind.UNAVAILABLE),
                Arguments.of("502 with HTML", instead(502, "text/html", HTML), Kind.UNAVAILABLE),
                Arguments.of("200 with HTML", instead(200, "text/html", HTML), Kind.UNAVAILABLE),
                Arguments.of("200 with an array", instead(200, "application/json", "[[]]"), Kind.UNAVAILABLE),
                Arguments.of("truncated JSON", new Fault.Truncated(), Kind.UNAVAILABLE),
                Arguments.of("100 MB", new Fault.Huge(100 << 20), Kind.UNAVAILABLE),
                Arguments.of("reset", new Fault.Reset(false), Kind.UNAVAILABLE),
                Arguments.of(
                        "redirect", instead(302, "text/html", "", "location", "http://10.0.0.1/"), Kind.UNAVAILABLE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void readsFailAsTheFaultSays(String name, Fault fault, Kind kind) {
        String email = "read" + name.hashCode() + "@example.com";
        Contact contact = new Contact(fake().add(email, "vip"), null);
        List<Future<?>> reads = List.of(
                faulty(fault, crm -> crm.getTags(call(), contact)),
                faulty(fault, crm -> crm.getContactId(call(), email)),
                faulty(fault, crm -> crm.loadContact(call(), contact)),
                faulty(fault, crm -> crm.syncTags(call())));
        reads.forEach(read -> failsWith(kind, read));
        others(contact).forEach(read -> {
            Future<?> failed = faulty(fault, read);
            if (!fake().forgetScript()) {
                failsWith(kind, failed);
            }
        });
    }

    /** Reads that some do not have, or answer by themselves. */
    private List<Function<Crm, Future<?>>> others(Contact contact) {
        return List.of(
                crm -> crm.connect(call()),
                crm -> crm.syncCrmFields(call()),
                crm -> crm instanceof Lists lists ? lists.syncLists(call()) : Future.succeededFuture(),
                crm -> crm instanceof BulkLookUp bulk
                        ? bulk.getContactIds(call(), List.of("a@example.com", "b@example.com"))
                        : Future.succeededFuture());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void writesFailAsTheFaultSays(String name, Fault fault, Kind kind) {
        Contact contact = new Contact(fake().add("write" + name.hashCode() + "@example.com", "vip"), null);
        failsWith(kind, faulty(fault, crm -> crm.updateContact(call(), contact, Map.of(firstName(), Value.text("x")))));
        failsWith(kind, faulty(fault, crm -> crm.applyTags(call(), contact, Set.of(tag("gold")))));
        failsWith(kind, faulty(fault, crm -> crm.removeTags(call(), contact, Set.of(tag("vip")))));
        Map<String, Value> newcomer = Map.of(field("user_email"), Value.text("new" + name.hashCode() + "@example.com"));
        failsWith(kind, faulty(fault, crm -> crm.addContact(call(), newcomer)));
    }

    /** The body of a good answer need not be read: a status that says no must be heard. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void deletionsFailAsTheStatusSays(String name, Fault fault, Kind kind) {
        if (Bench.open(vertx, connector(), settings()) instanceof Deletion && !name.matches("200.*|truncated.*")) {
            Contact contact = new Contact(fake().add("delete" + name.hashCode() + "@example.com", "vip"), null);
            failsWith(kind, faulty(fault, crm -> ((Deletion) crm).deleteContact(call(), contact)));
        }
    }

    private Future<?> faulty(Fault fault, Function<Crm, Future<?>> operation) {
        fake().next(fault);
        Future<?> result = operation.apply(crm());
        result.transform(done -> Future.succeededFuture()).await();
        return result;
    }

    private static void failsWith(Kind kind, Future<?> future) {
        assertThatThrownBy(future::await).isInstanceOfSatisfying(CrmException.class, failure -> {
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.words()).doesNotContain("<html>");
        });
    }

    @Test
    void theWaitThatIsNamedIsTold() {
        Future<?> limited =
                faulty(instead(429, "application/json", "{}", "retry-after", "7"), crm -> crm.syncTags(call()));
        assertThat(limited.cause())
                .isInstanceOfSatisfying(
                        CrmException.class,
                        failure -> assertThat(failure.waitMillis()).isEqualTo(7_000));
    }

    @Test
    void aHangIsATimeout() {
        Settings settings = new Settings(settings());
        Crm impatient = connector().open(settings, new TestHttp(vertx, connector(), settings, 200));
        failsWith(Kind.TIMEOUT, faulty(new Fault.Hang(), crm -> impatient.syncTags(call())));
    }

    /** Trying again does not help, and nothing may be taken for done. */
    @ParameterizedTest
    @ValueSource(ints = {400, 404, 409, 422})
    void refusalsAreNoSuccessAndNotTriedAgain(int status) {
        Contact contact = new Contact(fake().add("refused" + status + "@example.com", "vip"), null);
        Fault refusal = instead(status, "application/json", "{}");
        List<Future<?>> attempts = List.of(
                faulty(refusal, crm -> crm.getTags(call(), contact)),
                faulty(refusal, crm -> crm.loadContact(call(), contact)),
                faulty(refusal, crm -> crm.updateContact(call(), contact, Map.of(firstName(), Value.text("x")))),
                faulty(refusal, crm -> crm.applyTags(call(), contact, Set.of(tag("gold")))));
        assertThat(attempts)
                .allSatisfy(attempt -> assertThat(attempt.cause())
                        .isInstanceOfSatisfying(
                                CrmException.class,
                                failure -> assertThat(failure.kind().retry()).isFalse()));
    }

    /** Such as a token that runs out half-way: what was read until then is not all there is. */
    @ParameterizedTest
    @ValueSource(ints = {401, 429, 500})
    void aPageThatFailsFailsTheWhole(int status) {
        String[] tags = IntStream.range(0, 250).mapToObj(i -> "paged " + i).toArray(String[]::new);
        fake().add("paged" + status + "@example.com", tags);
        fake().next(new Fault.Pass(), instead(status, "application/json", "{}"));
        Future<?> read = crm().syncTags(call());
        read.transform(done -> Future.succeededFuture()).await();
        boolean onePage = fake().forgetScript();
        assertThat(read.succeeded()).isEqualTo(onePage);
    }

    @Test
    void aWriteWhoseAnswerIsLostIsNoFailureOfTheSecondAttempt() {
        Contact contact = new Contact(fake().add("lost@example.com"), null);
        Tag gold = tag("gold");
        Future<?> lost = faulty(new Fault.Reset(true), crm -> crm.applyTags(call(), contact, Set.of(gold)));
        assertThat(lost.cause())
                .isInstanceOfSatisfying(
                        CrmException.class,
                        failure -> assertThat(failure.sent()).isTrue());
        crm().applyTags(call(), contact, Set.of(gold)).await();
        assertThat(crm().getTags(call(), contact).await()).hasSize(1);
    }

    @Test
    void aSearchThatFindsSomebodyElseFindsNobody() {
        fake().next(new Fault.Instead(somebodyElse()));
        assertThat(crm().getContactId(call(), "somebody@example.com").await()).isEmpty();
    }

    @Test
    void aSearchForManyThatFindsSomebodyElseFindsNobody() {
        if (crm() instanceof BulkLookUp bulk) {
            fake().next(new Fault.Instead(somebodyElse()));
            Map<String, Contact> found = bulk.getContactIds(call(), List.of("a@example.com", "b@example.com"))
                    .otherwise(Map.of())
                    .await();
            fake().forgetScript();
            assertThat(found).isEmpty();
        }
    }

    /** Whoever is found has an id, or is not found. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aContactWithoutAnIdIsNoContact(boolean named) {
        Reply reply = somebodyElse();
        Object body = withoutIds(Json.decodeValue(reply.body()), named);
        fake().next(instead(reply.status(), reply.mediaType(), Json.encode(body)));
        Future<Optional<Contact>> found = crm().getContactId(call(), "other@example.com");
        found.otherwise(Optional.empty()).await();
        if (found.succeeded()) {
            found.result()
                    .ifPresent(contact -> assertThat(contact.id())
                            .isNotNull()
                            .isNotEqualTo("null")
                            .isNotEmpty());
        } else {
            assertThat(found.cause()).isInstanceOf(CrmException.class);
        }
    }

    /** The same, with every id left out or, when it is to be named, null. */
    private static Object withoutIds(Object json, boolean named) {
        if (json instanceof JsonArray array) {
            return new JsonArray(
                    array.stream().map(each -> withoutIds(each, named)).toList());
        }
        if (!(json instanceof JsonObject object)) {
            return json;
        }
        JsonObject bare = new JsonObject();
        object.forEach(member -> {
            if (!member.getKey().toLowerCase(Locale.ROOT).endsWith("id")) {
                bare.put(member.getKey(), member.getValue() == null ? null : withoutIds(member.getValue(), named));
            } else if (named) {
                bare.putNull(member.getKey());
            }
        });
        return bare;
    }

    /** Some answer a failure with a status that says all is well. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"code\":\"internal\",\"message\":\"oops\"}}",
                "{\"status\":\"error\",\"errors\":[{\"message\":\"oops\"}]}"
            })
    void aFailureInsideAGoodAnswerIsNoSuccess(String body) {
        Contact contact = new Contact(fake().add("inside" + body.length() + "@example.com", "vip"), null);
        Fault error = instead(200, "application/json", body);
        String email = "newcomer" + body.length() + "@example.com";
        List<Future<?>> attempts = List.of(
                faulty(error, crm -> crm.getTags(call(), contact)),
                faulty(error, crm -> crm.getContactId(call(), email)),
                faulty(error, crm -> crm.loadContact(call(), contact)),
                faulty(error, crm -> crm.syncTags(call())),
                faulty(error, crm -> crm.addContact(call(), Map.of(field("user_email"), Value.text(email)))));
        assertThat(attempts).allMatch(Future::failed);
    }

    @Test
    void wrongTypesAreAFailureAndNoEmptySet() {
        String id = fake().add("types@example.com", "vip");
        for (JsonObject wrong : wrongTags()) {
            fake().next(instead(200, "application/json", wrong.encode()));
            Future<Set<Tag>> read = crm().getTags(call(), new Contact(id, null));
            failsWith(Kind.UNAVAILABLE, read);
        }
    }
}
