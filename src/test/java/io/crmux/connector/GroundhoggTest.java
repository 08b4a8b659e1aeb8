package io.crmux.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.connector.fake.FakeCrm.Fault;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeGroundhogg;
import io.crmux.connector.kit.Bench;
import io.crmux.crm.Added;
import io.crmux.crm.Batch;
import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Outcome;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is peculiar to Groundhogg. */
class GroundhoggTest {

    private final Vertx vertx = Vertx.vertx();
    private final FakeGroundhogg fake = new FakeGroundhogg(vertx);
    private final Crm crm = Bench.open(
            vertx,
            new Groundhogg(),
            Map.of(
                    "url",
                    fake.url(),
                    "username",
                    FakeGroundhogg.USER,
                    "password",
                    FakeGroundhogg.PASSWORD,
                    "default_status",
                    "2"));

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

    private Tag tag(String name) {
        return Tag.of(fake.addTag(name), name);
    }

    private static Batch batch(long id, String contact, Map<String, Value> fields, Set<Tag> remove, Set<Tag> apply) {
        return new Batch(id, new Contact(contact, null), false, false, fields, remove, apply, List.of());
    }

    @Test
    void onlyNewContactsGetTheStatusOfNewOnes() {
        Map<String, Value> fields = Map.of("email", Value.text("left@example.com"));
        Added added = crm.addContact(call(), fields).await();
        assertThat(fake.status(added.id())).isEqualTo(2);
        crm.updateContact(
                        call(),
                        new Contact(added.id(), null),
                        Map.of("optin_status", new Value.Num(BigDecimal.valueOf(3))))
                .await();
        assertThat(crm.addContact(call(), fields).await()).isEqualTo(new Added(added.id(), Added.How.EXISTED));
        assertThat(fake.status(added.id())).isEqualTo(3);
    }

    @Test
    void changesOfSeveralContactsAreOneCallWithAnArray() {
        Tag vip = tag("VIP");
        String one = fake.add("one@example.com", "Trial");
        String two = fake.add("two@example.com");
        List<Batch> batches = List.of(
                batch(1, one, Map.of(), Set.of(tag("Trial")), Set.of(vip)),
                batch(2, two, Map.of("city", Value.text("Ghent")), Set.of(), Set.of(vip)));
        assertThat(crm.deliver(call(), batches).await()).hasOnlyElementsOfType(Outcome.Done.class);
        assertThat(fake.calls()).hasSize(1);
        assertThat(fake.calls().get(0).array()).hasSize(2);
        assertThat(crm.getTags(call(), new Contact(one, null)).await()).containsExactly(vip);
    }

    @Test
    void whoIsSkippedIsAskedForAlone() {
        Tag vip = tag("VIP");
        List<Batch> batches = List.of(
                batch(1, fake.add("here@example.com"), Map.of(), Set.of(), Set.of(vip)),
                batch(2, "999999", Map.of(), Set.of(), Set.of(vip)),
                batch(3, fake.add("too@example.com"), Map.of(), Set.of(), Set.of(Tag.of("999", "never made"))));
        List<Outcome> outcomes = crm.deliver(call(), batches).await();
        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Done.class);
        assertThat(outcomes.subList(1, 3))
                .extracting(outcome -> ((Outcome.Failed) outcome).failure().kind())
                .containsExactly(Kind.NOT_FOUND, Kind.INVALID);
    }

    @Test
    void tagsAreAppliedThoughTheFieldsAreSaidToBeUnchanged() {
        Tag vip = tag("VIP");
        Contact contact = new Contact(fake.add("same@example.com", "Trial"), null);
        Reply unchanged = Reply.json(401, new JsonObject("{\"code\":\"no_changes\"}"));
        fake.next(new Fault.Instead(unchanged));
        crm.applyTags(call(), contact, Set.of(vip)).await();
        fake.next(new Fault.Instead(unchanged));
        crm.removeTags(call(), contact, Set.of(tag("Trial"))).await();
        assertThat(crm.getTags(call(), contact).await()).containsExactly(vip);
    }

    @Test
    void tagsMayBeAnObjectAfterSomeAreGone() {
        String vip = "{\"ID\":3,\"data\":{\"tag_name\":\"VIP\"}}";
        fake.next(new Fault.Instead(
                Reply.json(200, new JsonObject("{\"item\":{\"ID\":42,\"data\":{},\"tags\":{\"2\":" + vip + "}}}"))));
        assertThat(crm.getTags(call(), new Contact("42", null)).await()).containsExactly(Tag.of("3", "VIP"));
    }

    @Test
    void nothingIsSentToAContactWhoseIdIsNoNumber() {
        Contact nobody = new Contact("", null);
        failsWith(Kind.NOT_FOUND, crm.updateContact(call(), nobody, Map.of("city", Value.text("Ghent"))));
        failsWith(
                Kind.NOT_FOUND,
                crm.deliver(call(), List.of(batch(1, "", Map.of("city", Value.text("x")), Set.of(), Set.of())))
                        .map(outcomes -> {
                            throw ((Outcome.Failed) outcomes.get(0)).failure();
                        }));
        assertThat(fake.calls()).isEmpty();
    }

    @Test
    void aCursorOfSomebodyElseIsMalformed() {
        failsWith(Kind.MALFORMED, crm.loadContacts(call(), Tag.of("1", "vip"), 10, "x"));
        assertThat(fake.calls()).isEmpty();
    }
}
