package io.crmux.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.ActiveCampaign;
import io.crmux.connector.fake.FakeActiveCampaign;
import io.crmux.crm.Answer;
import io.crmux.crm.Http;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Request;
import io.crmux.crm.Settings;
import io.crmux.store.ChangeState;
import io.crmux.upstream.ManualUpstream;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many changes at once against the ActiveCampaign fake, within its limits and in injected time. */
class ImportedTest {

    private static final int CONTACTS = 1_000;
    private static final long LATENCY_MILLIS = 200;
    private static final String URL = "https://shop.api-us1.com";
    private static final Settings SETTINGS =
            new Settings(Map.of("url", URL, "key", FakeActiveCampaign.KEY, "urls.events", URL));

    private final Vertx vertx = Vertx.vertx();
    private final FakeActiveCampaign fake = new FakeActiveCampaign(vertx);
    private final ManualLoop loop = new ManualLoop();
    private final ActiveCampaign connector = new ActiveCampaign();
    private final Http http = ManualUpstream.open(loop, connector, SETTINGS, (request, millis) -> exchange(request));
    private final List<Request> calls = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final Connection connection = DefaultConnection.open(loop, connector, SETTINGS, http);

    private ImportedTest() {
        for (int i = 0; i < CONTACTS; i++) {
            ids.add(fake.add(email(i), "before"));
        }
    }

    @AfterEach
    void close() {
        fake.close();
        vertx.close().await();
    }

    private static String email(int i) {
        return "user" + i + "@example.com";
    }

    private Future<Answer> exchange(Request request) {
        calls.add(request);
        Promise<Answer> answer = Promise.promise();
        loop.after(LATENCY_MILLIS, () -> answer.complete(fake.carryOut(request)));
        return answer.future();
    }

    private ContactRef id(int i) {
        return ContactRef.id(ids.get(i));
    }

    private Future<Written> change(ContactRef contact, List<String> apply, List<String> remove) {
        return connection.changeTags(contact, apply, remove, Bench.NO_WAIT);
    }

    private Set<String> tags(int i) {
        return Objects.requireNonNull(fake.person(ids.get(i))).tags();
    }

    private long count(String path) {
        return calls.stream().filter(call -> call.path().contains(path)).count();
    }

    private boolean everybodyHas(String tag) {
        return ids.stream()
                .allMatch(id -> Objects.requireNonNull(fake.person(id)).tags().contains(tag));
    }

    @Test
    void oneTagForAThousandContactsIsAFewImports() {
        for (int i = 0; i < CONTACTS; i++) {
            change(id(i), List.of("vip"), List.of());
        }
        loop.advance(30_000);
        assertThat(everybodyHas("vip")).isTrue();
        assertThat(count("bulk_import")).isEqualTo(4);
        assertThat(calls).hasSizeLessThanOrEqualTo(30);
    }

    @Test
    void whoIsRefusedByTheImportIsTaggedByASingleCall() {
        fake.exclude(email(5));
        List<Future<Written>> written = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            written.add(change(id(i), List.of("vip"), List.of()));
        }
        loop.advance(60_000);
        assertThat(tags(5)).contains("vip");
        assertThat(count("bulk_import")).isEqualTo(1);
        assertThat(count("api.php")).isEqualTo(1);
        for (Future<Written> each : written) {
            Future<Fate> fate = connection.operation(each.result().operation());
            loop.advance(20);
            assertThat(fate.result().state()).isEqualTo(ChangeState.DELIVERED);
        }
    }

    /** A tag is taken away while the import that applies it is under way: and that is how it stays. */
    @Test
    void whatComesAfterAnImportIsSentAfterIt() {
        for (int i = 0; i < 100; i++) {
            change(id(i), List.of("vip"), List.of());
        }
        loop.advance(2_000);
        assertThat(count("bulk_import")).isEqualTo(1);
        change(id(7), List.of(), List.of("vip"));
        loop.advance(500);
        Future<Cached<ContactTags>> read = connection.getTags(id(7), Freshness.ANY, Bench.TRACE);
        loop.advance(500);
        assertThat(read.result().value().tags()).containsExactly("before");
        loop.advance(60_000);
        assertThat(tags(7)).containsExactly("before");
        assertThat(tags(8)).contains("vip");
    }

    @Test
    void whoIsKnownByAddressOnlyIsLookedUpAndImported() {
        for (int i = 0; i < CONTACTS; i++) {
            change(ContactRef.email(new Address(email(i))), List.of("vip"), List.of());
        }
        loop.advance(Duration.ofMinutes(6).toMillis());
        assertThat(everybodyHas("vip")).isTrue();
        assertThat(calls).hasSizeLessThan(CONTACTS * 3 / 2);
    }

    /** Removals are a call each, as they always were, and a visitor's change does not wait for them all. */
    @Test
    void whatIsNotImportedDoesNotHoldUpTheNext() {
        for (int i = 0; i < 500; i++) {
            change(id(i), List.of(), List.of("before"));
        }
        loop.advance(12_000);
        assertThat(count("api.php")).isGreaterThan(40);
        Future<Written> urgent =
                connection.changeTags(id(999), List.of("now"), List.of(), new WriteOptions(20_000, Bench.TRACE));
        loop.advance(5_000);
        assertThat(urgent.isComplete()).isTrue();
        assertThat(tags(999)).contains("now");
        assertThat(tags(499)).contains("before");
    }
}
