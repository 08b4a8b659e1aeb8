package io.crmux.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.connector.fake.FakeAgileCrm;
import io.crmux.connector.fake.FakeCrm.Fault;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.kit.Bench;
import io.crmux.crm.BulkLookUp;
import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is peculiar to Agile CRM. */
class AgileCrmTest {

    private final Vertx vertx = Vertx.vertx();
    private final FakeAgileCrm fake = new FakeAgileCrm(vertx);
    private final Crm crm = Bench.open(
            vertx,
            new AgileCrm(),
            Map.of("url", fake.url(), "domain", "acme", "user_email", FakeAgileCrm.USER, "key", FakeAgileCrm.KEY));

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

    @Test
    void partsOfAPostalAddressStayWhenOthersChange() {
        Contact contact = new Contact(fake.add("parts@example.com"), null);
        crm.updateContact(
                        call(), contact, Map.of("address+city", Value.text("Ghent"), "address+zip", Value.text("9000")))
                .await();
        crm.updateContact(call(), contact, Map.of("address+city", Value.text("Bruges")))
                .await();
        assertThat(crm.loadContact(call(), contact).await().fields())
                .containsEntry("address+city", Value.text("Bruges"))
                .containsEntry("address+zip", Value.text("9000"));
    }

    /** It would make nobody of those that are left out. */
    @Test
    void aLookUpOfManyThatEndsTooEarlyIsNoAnswer() {
        fake.next(new Fault.Instead(new Reply(200, "application/json", "[{}]", List.of())));
        failsWith(Kind.INVALID, ((BulkLookUp) crm).getContactIds(call(), List.of("a@example.com", "b@example.com")));
    }

    @Test
    void aChangedAddressTakesThePlaceOfTheOldOne() {
        Contact contact = new Contact(fake.add("before@example.com"), null);
        crm.updateContact(call(), contact, Map.of("email", Value.text("After@example.com")))
                .await();
        assertThat(crm.loadContact(call(), contact).await().contact().email()).isEqualTo("after@example.com");
        assertThat(crm.getContactId(call(), "before@example.com").await()).isEmpty();
    }

    @Test
    void anAddressOfAnotherContactIsRefused() {
        Contact contact = new Contact(fake.add("mine@example.com"), null);
        fake.add("theirs@example.com");
        failsWith(
                Kind.DUPLICATE, crm.updateContact(call(), contact, Map.of("email", Value.text("theirs@example.com"))));
    }

    @Test
    void anAddressThatWasTypedInCapitalsIsFound() {
        String id = fake.add("Capital@example.com");
        assertThat(crm.getContactId(call(), "Capital@example.com").await())
                .map(Contact::id)
                .hasValue(id);
    }

    @Test
    void aRefusedAddressThatIsKnownIsADuplicate() {
        fake.add("known@example.com");
        failsWith(Kind.DUPLICATE, crm.addContact(call(), Map.of("email", Value.text("Known@example.com"))));
    }

    @Test
    void daysAndTimesComeBackAsTheyWere() {
        Contact contact = new Contact(fake.add("days@example.com"), null);
        Value time = new Value.Time(Instant.parse("2026-01-31T08:15:00Z"));
        crm.updateContact(call(), contact, Map.of("since", time, "born", new Value.Day(LocalDate.of(2026, 1, 31))))
                .await();
        Map<String, Value> fields = crm.loadContact(call(), contact).await().fields();
        assertThat(fields).containsEntry("since", time);
        assertThat(fields.get("born")).isEqualTo(new Value.Time(Instant.parse("2026-01-31T12:00:00Z")));
    }

    @Test
    void tagsThatAgileWouldRefuseAreNotSent() {
        Contact contact = new Contact(fake.add("refused@example.com"), null);
        long before = fake.count("");
        failsWith(Kind.INVALID, crm.applyTags(call(), contact, Set.of(Tag.named("2024"))));
        failsWith(Kind.INVALID, crm.applyTags(call(), contact, Set.of(Tag.named("a-b"))));
        assertThat(fake.count("")).isEqualTo(before);
    }
}
