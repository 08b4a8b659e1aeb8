package io.crmux.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.fake.FakeCrm.Fault;
import io.crmux.connector.fake.FakeCrm.Received;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeMailchimp;
import io.crmux.connector.kit.Bench;
import io.crmux.crm.Batch;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Event;
import io.crmux.crm.Outcome;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Changes of several members at Mailchimp: in how few calls, and what becomes of each. */
class MailchimpTogetherTest {

    private static final long SEED = Long.getLong("seed", System.nanoTime());
    private static final String MANY = "/3.0/lists/" + FakeMailchimp.LIST;
    private static final Map<String, Value> JANE = Map.of("FNAME", Value.text("Jane"));

    private final Vertx vertx = Vertx.vertx();
    private final FakeMailchimp fake = new FakeMailchimp(vertx);
    private final Crm crm = Bench.open(
            vertx,
            new Mailchimp(),
            Map.of("url", fake.url(), "key", FakeMailchimp.KEY, "list", FakeMailchimp.LIST, "optin", "false"));
    private long ids;

    @AfterEach
    void close() {
        fake.close();
        vertx.close().await();
    }

    private static String email(int i) {
        return "user" + i + "@example.com";
    }

    private Contact added(int i, String... tags) {
        return new Contact(fake.add(email(i), tags), email(i));
    }

    private Batch batch(Contact contact, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
        return new Batch(++ids, contact, false, false, fields, remove, apply, List.of());
    }

    private Batch tagged(Contact contact, String... tags) {
        return batch(
                contact, Map.of(), Set.of(), Stream.of(tags).map(Tag::named).collect(Collectors.toSet()));
    }

    private List<Outcome> deliver(List<Batch> batches) {
        List<Outcome> outcomes = crm.deliver(Bench.call(), batches).await();
        assertThat(outcomes).extracting(Outcome::batch).containsExactlyElementsOf(batches);
        return outcomes;
    }

    private static void areDone(List<Outcome> outcomes) {
        assertThat(outcomes).hasOnlyElementsOfType(Outcome.Done.class);
    }

    private static void hasFailed(Outcome outcome, Kind kind) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().kind()).isEqualTo(kind));
    }

    private JsonObject member(int i) {
        return Objects.requireNonNull(fake.member(email(i)));
    }

    private Set<String> tags(int i) {
        Set<String> tags = new TreeSet<>();
        member(i).getJsonArray("tags").forEach(tag -> tags.add(((JsonObject) tag).getString("name")));
        return tags;
    }

    /** As the site's list of tags has it: with its number. */
    private Tag known(String name) {
        return crm.syncTags(Bench.call()).await().stream()
                .filter(tag -> tag.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<String> callsAfter(int before) {
        return fake.calls().subList(before, fake.calls().size()).stream()
                .map(call -> call.method() + " " + call.path().replace(MANY, ""))
                .toList();
    }

    private int calls() {
        return fake.calls().size();
    }

    @Test
    void fieldsAndTagsOfManyAreOneCall() {
        List<Batch> batches = IntStream.range(0, 100)
                .mapToObj(i -> batch(
                        added(i, "had"),
                        Map.of("FNAME", Value.text("Jane" + i)),
                        Set.of(),
                        Set.of(Tag.named("vip"), Tag.named("t" + i % 7))))
                .toList();
        areDone(deliver(batches));
        assertThat(callsAfter(0)).containsExactly("POST ");
        for (int i : List.of(0, 50, 99)) {
            assertThat(tags(i)).containsExactly("had", "t" + i % 7, "vip");
            assertThat(member(i).getJsonObject("merge_fields").getString("FNAME"))
                    .isEqualTo("Jane" + i);
        }
    }

    @Test
    void nobodysConsentChangesAndNobodyIsMade() {
        Contact left = added(1);
        fake.status(email(1), "unsubscribed");
        List<Outcome> outcomes = deliver(List.of(
                batch(left, JANE, Set.of(), Set.of()),
                batch(new Contact(null, email(2)), JANE, Set.of(), Set.of()),
                batch(added(3), JANE, Set.of(), Set.of())));
        areDone(List.of(outcomes.get(0), outcomes.get(2)));
        hasFailed(outcomes.get(1), Kind.NOT_FOUND);
        assertThat(member(1).getString("status")).isEqualTo("unsubscribed");
        assertThat(fake.member(email(2))).isNull();
        Received together = fake.calls().get(0);
        together.json()
                .getJsonArray("members")
                .forEach(member -> assertThat(((JsonObject) member).fieldNames())
                        .containsExactlyInAnyOrder("email_address", "merge_fields"));
        assertThat(together.json().getBoolean("sync_tags")).isFalse();
        assertThat(together.query("skip_merge_validation")).containsExactly("true");
    }

    @Test
    void aTagThatManyLoseIsOneCall() {
        List<Contact> contacts =
                IntStream.range(0, 50).mapToObj(i -> added(i, "trial", "kept")).toList();
        Set<Tag> trial = Set.of(known("trial"));
        int before = calls();
        areDone(deliver(contacts.stream()
                .map(contact -> batch(contact, Map.of(), trial, Set.of(Tag.named("gold"))))
                .toList()));
        assertThat(callsAfter(before)).hasSize(2).last().isEqualTo("POST ");
        assertThat(tags(0)).containsExactly("gold", "kept");
        assertThat(tags(49)).containsExactly("gold", "kept");
    }

    @Test
    void aTagWithoutItsNumberIsLookedForOnce() {
        List<Batch> batches = IntStream.range(0, 4)
                .mapToObj(i -> batch(added(i, "trial"), Map.of(), Set.of(Tag.named("trial")), Set.of()))
                .toList();
        areDone(deliver(batches));
        assertThat(callsAfter(0)).hasSize(2).first().isEqualTo("GET /tag-search");
        assertThat(tags(3)).isEmpty();
    }

    @Test
    void tagsThatHardlyAnybodyElseLosesGoMemberByMember() {
        String[] three = {"a", "b", "c"};
        List<Contact> contacts = List.of(added(0, three), added(1, three), added(2));
        Set<Tag> lost = Stream.of(three).map(this::known).collect(Collectors.toSet());
        int before = calls();
        areDone(deliver(List.of(
                batch(contacts.get(0), JANE, lost, Set.of(Tag.named("gold"))),
                batch(contacts.get(1), JANE, lost, Set.of(Tag.named("gold"))),
                batch(contacts.get(2), JANE, Set.of(), Set.of(Tag.named("gold"))))));
        assertThat(callsAfter(before))
                .hasSize(3)
                .contains("POST /members/" + contacts.get(0).id() + "/tags", "POST ");
        assertThat(List.of(tags(0), tags(1), tags(2))).containsOnly(Set.of("gold"));
    }

    @Test
    void whoHasNotTheTagOrIsNobodyIsAskedForAlone() {
        Contact has = added(1, "trial");
        Contact hasAlso = added(2, "trial");
        Contact hasNot = added(3);
        Contact nobody = new Contact(null, email(4));
        Set<Tag> trial = Set.of(known("trial"));
        int before = calls();
        List<Outcome> outcomes = deliver(Stream.of(has, hasAlso, hasNot, nobody)
                .map(contact -> batch(contact, Map.of(), trial, Set.of()))
                .toList());
        areDone(outcomes.subList(0, 3));
        hasFailed(outcomes.get(3), Kind.NOT_FOUND);
        assertThat(calls() - before).isEqualTo(3);
        assertThat(Stream.of(tags(1), tags(2), tags(3))).containsOnly(Set.of());
    }

    @Test
    void whomTheAnswerDoesNotShowIsDoneAlone() {
        Contact refused = added(1);
        fake.refuse(email(1));
        Contact archived = added(2);
        fake.status(email(2), "archived");
        List<Outcome> outcomes = deliver(Stream.of(refused, archived, added(3))
                .map(contact -> batch(contact, JANE, Set.of(), Set.of(Tag.named("vip"))))
                .toList());
        areDone(List.of(outcomes.get(0), outcomes.get(2)));
        hasFailed(outcomes.get(1), Kind.NOT_FOUND);
        assertThat(tags(1)).containsExactly("vip");
        assertThat(fake.count("/members/" + outcomes.get(2).batch().contact().id()))
                .isZero();
    }

    @Test
    void tagsThatTheAnswerDoesNotShowAreGivenAlone() {
        fake.ignoreTags();
        areDone(deliver(List.of(tagged(added(1), "vip"), tagged(added(2), "vip"))));
        assertThat(tags(1)).containsExactly("vip");
        assertThat(fake.count("/tags")).isEqualTo(2);
    }

    @Test
    void whatIsRefusedAsAWholeIsDoneAlone() {
        List<Batch> batches = List.of(tagged(added(1), "vip"), tagged(added(2), "vip"));
        fake.next(new Fault.Instead(Reply.json(400, new JsonObject().put("title", "Invalid Resource"))));
        areDone(deliver(batches));
        assertThat(tags(1)).containsExactly("vip");
        assertThat(calls()).isEqualTo(3);
    }

    @Test
    void whatFailsForNowFailsForAllOfIt() {
        Batch loses = batch(added(1, "trial"), Map.of(), Set.of(known("trial")), Set.of());
        Batch losesToo = batch(added(2, "trial"), Map.of(), Set.of(known("trial")), Set.of(Tag.named("vip")));
        Batch gets = tagged(added(3), "vip");
        int before = calls();
        fake.next(new Fault.Instead(Reply.json(429, new JsonObject().put("title", "Too Many Requests"))));
        List<Outcome> outcomes = deliver(List.of(loses, losesToo, gets));
        hasFailed(outcomes.get(0), Kind.RATE_LIMITED);
        hasFailed(outcomes.get(1), Kind.RATE_LIMITED);
        areDone(outcomes.subList(2, 3));
        assertThat(calls() - before).isEqualTo(2);
        assertThat(tags(2)).containsExactly("trial");
    }

    /** Its id tells whether an address is the member's. */
    @Test
    void whoseAddressIsNotKnownIsChangedAlone() {
        Contact byId = new Contact(added(1).id(), null);
        Contact moved = new Contact(added(2).id(), "before@example.com");
        fake.add("before@example.com");
        areDone(deliver(List.of(tagged(byId, "vip"), tagged(moved, "vip"), tagged(added(3), "vip"))));
        assertThat(fake.count("POST " + MANY + "?")).isZero();
        assertThat(tags(2)).containsExactly("vip");
        assertThat(Objects.requireNonNull(fake.member("before@example.com")).getJsonArray("tags"))
                .isEmpty();
    }

    @Test
    void whatTheCallForManyHasNotGoesAlongAsEver() {
        Contact moves = added(1);
        Batch event = new Batch(
                ++ids,
                added(2),
                false,
                false,
                Map.of(),
                Set.of(),
                Set.of(),
                List.of(new Event("bought", new JsonObject())));
        Batch deletion = new Batch(++ids, added(3), false, true, Map.of(), Set.of(), Set.of(), List.of());
        Batch creation = new Batch(
                ++ids,
                new Contact(null, email(4)),
                true,
                false,
                Map.of("email_address", Value.text(email(4))),
                Set.of(),
                Set.of(Tag.named("new")),
                List.of());
        List<Outcome> outcomes = deliver(List.of(
                batch(moves, Map.of("email_address", Value.text("moved@example.com")), Set.of(), Set.of()),
                tagged(added(5), "vip"),
                event,
                deletion,
                tagged(added(6), "vip"),
                creation));
        areDone(outcomes);
        assertThat(fake.count("POST " + MANY + "?")).isEqualTo(1);
        assertThat(((Outcome.Done) outcomes.get(0)).contact().email()).isEqualTo("moved@example.com");
        assertThat(member(3).getString("status")).isEqualTo("archived");
        assertThat(tags(4)).containsExactly("new");
        assertThat(fake.count("/events")).isEqualTo(1);
    }

    @Test
    void anAddressThatIsSentAlongUnchangedChangesNothing() {
        areDone(deliver(IntStream.range(0, 3)
                .mapToObj(i -> batch(
                        added(i),
                        Map.of("email_address", Value.text("User" + i + "@example.com"), "FNAME", Value.text("Jane")),
                        Set.of(),
                        Set.of()))
                .toList()));
        assertThat(calls()).isEqualTo(1);
    }

    @Test
    void whatAFieldNeedsIsReadOnceForAllOrOnceForEach() {
        Value day = new Value.Day(LocalDate.of(1980, 5, 17));
        areDone(deliver(IntStream.range(0, 3)
                .mapToObj(i -> batch(
                        added(i),
                        Map.of(
                                "BIRTHDAY", day,
                                "ADDRESS+addr1", Value.text("1 St"),
                                "ADDRESS+city", Value.text("Ghent"),
                                "ADDRESS+state", Value.text("OVL"),
                                "ADDRESS+zip", Value.text("9000")),
                        Set.of(),
                        Set.of()))
                .toList()));
        assertThat(fake.count("/merge-fields")).isEqualTo(1);
        assertThat(calls()).isEqualTo(1 + 3 + 1);
        JsonObject merges = member(2).getJsonObject("merge_fields");
        assertThat(merges.getString("BIRTHDAY")).isEqualTo("05/17");
        assertThat(merges.getJsonObject("ADDRESS").getString("zip")).isEqualTo("9000");
    }

    @Test
    void theCallsAreNeverMoreThanOneByOneAndTheEndIsTheSame() {
        Random random = new Random(SEED);
        for (int story = 0; story < 60; story++) {
            List<Batch> batches = new ArrayList<>();
            List<Set<String>> expected = new ArrayList<>();
            int alone = 0;
            int members = 2 + random.nextInt(6);
            for (int i = 0; i < members; i++) {
                Set<String> lost = drawn(random, "old", 4, 3);
                Set<String> got = drawn(random, "new", 4, 3);
                Contact contact = added(i, lost.toArray(String[]::new));
                Set<Tag> remove = lost.stream().map(this::known).collect(Collectors.toSet());
                Set<Tag> apply = got.stream().map(Tag::named).collect(Collectors.toSet());
                Map<String, Value> fields = random.nextInt(3) == 0 ? JANE : Map.of();
                batches.add(batch(contact, fields, remove, apply));
                expected.add(got);
                alone += (fields.isEmpty() ? 0 : 1) + (remove.isEmpty() && apply.isEmpty() ? 0 : 1);
            }
            int before = calls();
            areDone(deliver(batches));
            assertThat(calls() - before).as("seed %d, story %d", SEED, story).isLessThanOrEqualTo(alone);
            for (int i = 0; i < members; i++) {
                assertThat(tags(i)).as("seed %d, story %d", SEED, story).isEqualTo(expected.get(i));
                assertThat(member(i).getJsonObject("merge_fields").getString("FNAME"))
                        .isEqualTo(batches.get(i).fields().isEmpty() ? "" : "Jane");
            }
        }
    }

    private static Set<String> drawn(Random random, String kind, int of, int most) {
        Set<String> drawn = new HashSet<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            drawn.add(kind + random.nextInt(of));
        }
        return drawn;
    }
}
