package io.crmux.gateway;

import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.Sandbox;
import io.crmux.crm.Answer;
import io.crmux.crm.BulkLookUp;
import io.crmux.crm.Call;
import io.crmux.crm.Contact;
import io.crmux.crm.Http;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Request;
import io.crmux.crm.Settings;
import io.crmux.crm.Tag;
import io.crmux.crm.Trace;
import io.crmux.crm.Traits;
import io.crmux.upstream.ManualUpstream;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A key that asks for much, beside one that asks for little, at a CRM that takes five calls a second. */
class KeysInTurnTest {

    private static final Trace MUCH = new Trace("test", "much");
    private static final Trace LITTLE = new Trace("test", "little");

    /** Every call waits for its turn upstream. Looks up to a hundred addresses up in one. */
    private static final class PacedCrm extends ModelCrm implements BulkLookUp {

        private final Http http;

        PacedCrm(ManualLoop loop) {
            super(loop, Bench.traits(Duration.ZERO, Traits.Creation.BY_APPLYING, Traits.Add.REFUSES));
            http = ManualUpstream.open(
                    loop,
                    new Sandbox(),
                    new Settings(Map.of("rate_limit", "5/s")),
                    (request, timeoutMillis) -> Future.succeededFuture(
                            new Answer(200, MultiMap.caseInsensitiveMultiMap(), Buffer.buffer("{}"))));
        }

        private Future<Answer> turn(Call call) {
            return http.send(call, Request.get("http://sandbox", "/"));
        }

        @Override
        public Future<Optional<Contact>> getContactId(Call call, String email) {
            return turn(call).compose(mine -> super.getContactId(call, email));
        }

        @Override
        public Future<Set<Tag>> getTags(Call call, Contact contact) {
            return turn(call).compose(mine -> super.getTags(call, contact));
        }

        @Override
        public int mostAddresses() {
            return 100;
        }

        @Override
        public Future<Map<String, Contact>> getContactIds(Call call, List<String> emails) {
            return turn(call)
                    .compose(mine -> call(
                            "get_contact_ids " + emails.size(),
                            () -> people.values().stream()
                                    .filter(person -> emails.contains(person.email()))
                                    .collect(Collectors.toMap(
                                            Person::email, person -> new Contact(person.id, person.email())))));
        }
    }

    private final Bench bench = new Bench(PacedCrm::new, 10_000_000);

    KeysInTurnTest() {
        bench.crm.addAll(1_000, 1);
        bench.loop.advance(10);
    }

    private Future<Cached<ContactTags>> tags(ContactRef contact, Trace trace) {
        return bench.connection.getTags(contact, Freshness.ANY, trace);
    }

    private static ContactRef person(int i) {
        return email("user" + i + "@example.com");
    }

    /** A look-up and the tags, each in the turn after at most one of the other key's. */
    @Test
    void oneReadByAddressWaitsForFewOfThoseOfAnotherKey() {
        for (int second = 0; second < 6; second++) {
            IntStream.range(100 * second, 100 * second + 100).forEach(i -> tags(person(i), MUCH));
            bench.loop.advance(1_000);
        }
        long asked = bench.loop.millis();
        bench.done(tags(person(900), LITTLE));
        assertThat(bench.loop.millis() - asked).isLessThan(1_500);
    }

    @Test
    void aKeyThatHasTakenAllPlacesKeepsNoOtherOut() {
        int places = ConnectionOptions.DEFAULT_WAITING;
        List<Future<Cached<ContactTags>>> much = IntStream.range(0, places + 100)
                .mapToObj(i -> tags(id("x" + i), MUCH))
                .toList();
        assertThat(much.stream().filter(Future::failed).count()).isEqualTo(100);
        List<Future<Cached<ContactTags>>> little = IntStream.range(0, places)
                .mapToObj(i -> tags(id("y" + i), LITTLE))
                .toList();
        assertThat(little.stream().filter(Future::failed).count()).isEqualTo(places / 2);
        bench.loop.advance(2_000);
        assertThat(little.get(0).isComplete()).isTrue();
    }
}
