package io.crmux.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.fake.FakeEmailOctopus;
import io.crmux.connector.kit.Bench;
import io.crmux.crm.Batch;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Outcome;
import io.crmux.crm.Page;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is EmailOctopus' own. */
class EmailOctopusTest {

    private final Vertx vertx = Vertx.vertx();
    private final FakeEmailOctopus fake = new FakeEmailOctopus(vertx);
    private final Crm crm = Bench.open(
            vertx,
            new EmailOctopus(),
            Map.of("url", fake.url(), "key", FakeEmailOctopus.KEY, "list", FakeEmailOctopus.LIST));

    @AfterEach
    void close() {
        fake.close();
        vertx.close().await();
    }

    private static Batch batch(String id, Map<String, Value> fields, String apply) {
        return new Batch(1, new Contact(id, null), false, false, fields, Set.of(), Set.of(Tag.named(apply)), List.of());
    }

    @Test
    void whoseAddressIsKnownNeedsNoLookUp() {
        fake.add("jane@example.com", "vip");
        assertThat(crm.getTags(Bench.call(), new Contact(null, " Jane@Example.com "))
                        .await())
                .containsExactly(Tag.named("vip"));
        crm.applyTags(Bench.call(), new Contact(null, "jane@example.com"), Set.of(Tag.named("gold")))
                .await();
        assertThat(fake.calls()).hasSize(2);
    }

    @Test
    void changesOfManyContactsAreOneCall() {
        String jane = fake.add("jane@example.com");
        String joe = fake.add("joe@example.com");
        Map<String, Value> name = Map.of("FirstName", Value.text("J"));
        List<Outcome> outcomes = crm.deliver(
                        Bench.call(),
                        List.of(batch(jane, name, "a"), batch("gone", name, "b"), batch(joe, Map.of(), "c")))
                .await();
        assertThat(fake.calls()).hasSize(1);
        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Done.class);
        assertThat(outcomes.get(1))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().kind()).isEqualTo(CrmException.Kind.NOT_FOUND));
        assertThat(crm.getTags(Bench.call(), new Contact(joe, null)).await()).containsExactly(Tag.named("c"));
    }

    /** The call for many knows no null, and a field that it is not told of stays. */
    @Test
    void aFieldThatIsEmptiedGoesByItself() {
        String jane = fake.add("jane@example.com");
        crm.updateContact(Bench.call(), new Contact(jane, null), Map.of("town", Value.text("Rome")))
                .await();
        String joe = fake.add("joe@example.com");
        crm.deliver(Bench.call(), List.of(batch(jane, Map.of("town", Value.cleared()), "a"), batch(joe, Map.of(), "b")))
                .await();
        assertThat(crm.loadContact(Bench.call(), new Contact(jane, null))
                        .await()
                        .fields())
                .doesNotContainKey("town");
        assertThat(fake.count("/batch")).isZero();
    }

    @Test
    void contactsOfEveryStatusAreLoaded() {
        List<String> ids = List.of(fake.add("a@example.com", "vip"), fake.add("b@example.com", "vip"));
        fake.status(ids.get(0), "pending");
        fake.status(ids.get(1), "unsubscribed");
        List<String> found = new ArrayList<>();
        String cursor = null;
        do {
            Page<String> page =
                    crm.loadContacts(Bench.call(), Tag.named("vip"), 10, cursor).await();
            found.addAll(page.items());
            cursor = page.cursor();
        } while (cursor != null);
        assertThat(found).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void nobodyIsSubscribedAgainByAChange() {
        String jane = fake.add("jane@example.com");
        fake.status(jane, "unsubscribed");
        crm.updateContact(Bench.call(), new Contact(jane, null), Map.of("FirstName", Value.text("Jane")))
                .await();
        assertThat(fake.status(jane)).isEqualTo("unsubscribed");
    }
}
