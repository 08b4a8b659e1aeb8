package io.crmux.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeDrip;
import io.crmux.connector.fake.FakeEmailOctopus;
import io.crmux.connector.fake.FakeHubSpot;
import io.crmux.connector.fake.FakeIntercom;
import io.crmux.connector.fake.FakeKeap;
import io.crmux.connector.fake.FakeKlaviyo;
import io.crmux.connector.fake.FakeMautic;
import io.crmux.connector.kit.Bench;
import io.crmux.connector.kit.TestHttp;
import io.crmux.crm.Allowance;
import io.crmux.crm.Answer;
import io.crmux.crm.BulkLookUp;
import io.crmux.crm.Connector;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.Limit;
import io.crmux.crm.Request;
import io.crmux.crm.Settings;
import io.crmux.crm.Tag;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the answers of CRMs tell of their limits, others having called fourteen times before, reaches the core; and what is not certain does not. */
class ToldLimitsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    private final Vertx vertx = Vertx.vertx();
    private @Nullable FakeCrm fake;
    private @Nullable TestHttp http;

    @AfterEach
    void close() {
        Objects.requireNonNull(fake).close();
        vertx.close().await();
    }

    private Crm open(Connector connector, FakeCrm of, Map<String, String> values) {
        fake = of;
        fake.budget().open(14);
        Settings settings = new Settings(values);
        http = new TestHttp(vertx, connector, settings);
        return connector.open(settings, http);
    }

    private List<Allowance> told() {
        return Objects.requireNonNull(http).told();
    }

    private static Allowance told(@Nullable Integer limit, Duration window, int remaining, @Nullable Long resetMillis) {
        return new Allowance(Limit.ORDINARY, limit, window, remaining, resetMillis);
    }

    /** By an answer whose headers a test names: names and values in turn. */
    private static List<Allowance> judged(Connector connector, Request request, String... headers) {
        MultiMap all = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        return connector
                .judge(request, new Answer(200, all, Buffer.buffer("{}")))
                .allowances();
    }

    private static Request get(String template) {
        return Request.get("https://a", template);
    }

    @Test
    void hubSpotTellsOfTenSecondsAndOfTheDay() {
        FakeHubSpot hubSpot = new FakeHubSpot(vertx);
        Crm crm = open(new HubSpot(), hubSpot, hubSpot.settings(FakeHubSpot.TOKEN, "multiselect"));
        crm.getTags(Bench.call(), new Contact(hubSpot.add("jane@example.com"), null))
                .await();
        assertThat(told()).containsExactly(told(100, TEN_SECONDS, 85, null), told(null, DAY, 249_985, null));
        crm.loadContacts(Bench.call(), Tag.of("vip", "vip"), 10, null).await();
        assertThat(told()).hasSize(2);
    }

    @Test
    void hubSpotsSearchesAndOtherWindowsTellNothing() {
        fake = new FakeHubSpot(vertx);
        String[] headers = {
            "X-HubSpot-RateLimit-Max", "10",
            "X-HubSpot-RateLimit-Remaining", "0",
            "X-HubSpot-RateLimit-Interval-Milliseconds", "10000"
        };
        assertThat(judged(new HubSpot(), get("/a"), headers)).hasSize(1);
        assertThat(judged(new HubSpot(), get("/a").bucket(HubSpot.SEARCH), headers))
                .isEmpty();
        headers[5] = "1000";
        assertThat(judged(new HubSpot(), get("/a"), headers)).isEmpty();
    }

    @Test
    void intercomTellsOfTenSecondsAndSearchesDoNot() {
        FakeIntercom intercom = new FakeIntercom(vertx);
        Crm crm = open(new Intercom(), intercom, Map.of("url", intercom.url(), "key", FakeIntercom.KEY));
        crm.connect(Bench.call()).await();
        assertThat(told()).containsExactly(told(1666, TEN_SECONDS, 1651, 7_000L));
        ((BulkLookUp) crm)
                .getContactIds(Bench.call(), List.of("joe@example.com"))
                .await();
        assertThat(told()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"1769847310, 1", "1769847311, 0", "1769847360, 0"})
    void aWindowOfIntercomThatEndsLaterIsAnother(String reset, int count) {
        fake = new FakeIntercom(vertx);
        assertThat(judged(
                        new Intercom(),
                        get("/me"),
                        "Date",
                        "Sat, 31 Jan 2026 08:15:00 GMT",
                        "X-RateLimit-Limit",
                        "10000",
                        "X-RateLimit-Remaining",
                        "5",
                        "X-RateLimit-Reset",
                        reset))
                .hasSize(count);
    }

    @Test
    void klaviyoTellsOfEachEndpoint() {
        FakeKlaviyo klaviyo = new FakeKlaviyo(vertx);
        Crm crm = open(new Klaviyo(), klaviyo, Map.of("url", klaviyo.url(), "key", FakeKlaviyo.KEY));
        crm.connect(Bench.call()).await();
        assertThat(told()).containsExactly(told(75, SECOND, 60, 1_000L));
        klaviyo.budget().open(2);
        Contact jane = new Contact(klaviyo.add("jane@example.com"), null);
        crm.applyTags(Bench.call(), jane, Set.of(Tag.of(klaviyo.list("vip"), "vip")))
                .await();
        assertThat(told()).hasSize(2).last().isEqualTo(new Allowance("list members", 10, SECOND, 7, 1_000L));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "75, 75;w=1, 750;w=60  | 74  | 1    | 1",
                "75, 75;w=1, 750;w=60  | 74  | 42   | 60",
                "75, 75;w=1, 750;w=60  | 749 | 1    | 60",
                "75, 75;w=1, 750;w=60  | 74  | 3600 |",
                "75, 75;w=1, 750;w=60  | 74  |      |",
                "1, 1;w=1, 15;w=60     | 0   | 1    |",
                "10, 10;w=1, 150;w=60  | 140 | 30   |",
                "75                    | 74  | 1    |",
            })
    void whichWindowOfKlaviyoIsMeantIsSeenByWhatIsLeftAndByItsEnd(
            String limit, String remaining, @Nullable String reset, @Nullable Long seconds) {
        fake = new FakeKlaviyo(vertx);
        List<Allowance> told = judged(
                new Klaviyo(),
                get("/api/lists"),
                "RateLimit-Limit",
                limit,
                "RateLimit-Remaining",
                remaining,
                "RateLimit-Reset",
                reset == null ? "" : reset);
        assertThat(told)
                .extracting(Allowance::window)
                .isEqualTo(seconds == null ? List.of() : List.of(Duration.ofSeconds(seconds)));
    }

    @Test
    void dripTellsOfTheHour() {
        FakeDrip drip = new FakeDrip(vertx);
        Crm crm =
                open(new Drip(), drip, Map.of("url", drip.url(), "account", FakeDrip.ACCOUNT, "token", FakeDrip.TOKEN));
        crm.connect(Bench.call()).await();
        assertThat(told()).containsExactly(told(3600, HOUR, 3585, null));
    }

    @ParameterizedTest
    @CsvSource({"50, 1", "3600, 0"})
    void ofBatchesDripTellsByTheNumber(String limit, int count) {
        fake = new FakeDrip(vertx);
        assertThat(judged(
                        new Drip(),
                        get("/batches").bucket(DripBatches.BUCKET),
                        "X-RateLimit-Limit",
                        limit,
                        "X-RateLimit-Remaining",
                        "7"))
                .hasSize(count)
                .allMatch(told -> told.bucket().equals(DripBatches.BUCKET));
    }

    @Test
    void mauticTellsWhereAnAdministratorHasSetALimit() {
        FakeMautic mautic = new FakeMautic(vertx);
        Crm crm = open(
                new Mautic(),
                mautic,
                Map.of("url", mautic.url(), "username", FakeMautic.USER, "password", FakeMautic.PASSWORD));
        crm.connect(Bench.call()).await();
        assertThat(told()).isEmpty();
        mautic.limitTo(1000);
        crm.connect(Bench.call()).await();
        assertThat(told()).containsExactly(told(1000, HOUR, 984, 1_800_000L));
        assertThat(judged(new Mautic(), get("/api/tags"), "X-RateLimit-Limit", "0", "X-RateLimit-Remaining", "0"))
                .isEmpty();
    }

    @Test
    void emailOctopusTellsItsTokens() {
        FakeEmailOctopus octopus = new FakeEmailOctopus(vertx);
        Crm crm = open(
                new EmailOctopus(),
                octopus,
                Map.of("url", octopus.url(), "key", FakeEmailOctopus.KEY, "list", FakeEmailOctopus.LIST));
        octopus.budget().open(96);
        crm.connect(Bench.call()).await();
        assertThat(told()).containsExactly(told(null, SECOND, 3, null));
    }

    @Test
    void keapTellsOfTheKeyAndNotOfTheAccount() {
        FakeKeap keap = new FakeKeap(vertx);
        Crm crm = open(new Keap(), keap, Map.of("url", keap.api(), "key", FakeKeap.KEY, "opt_in_reason", "Signed up"));
        crm.connect(Bench.call()).await();
        assertThat(told()).containsExactly(told(30_000, DAY, 29_985, null), told(240, MINUTE, 225, null));
    }

    /** Without a token, Keap's headers have no values. */
    @ParameterizedTest
    @CsvSource({"minute, 1, 240, 1", "MINUTE, 1, 240, 1", "minute, 5, 240, 0", "month, 1, 240, 0", "minute, 1, '', 0"})
    void windowsOfKeapThatAreNotUnderstoodTellNothing(String unit, String interval, String available, int count) {
        fake = new FakeKeap(vertx);
        assertThat(judged(
                        new Keap(),
                        get("/v2/tags"),
                        "x-keap-product-throttle-limit",
                        available,
                        "x-keap-product-throttle-available",
                        available,
                        "x-keap-product-throttle-time-unit",
                        unit,
                        "x-keap-product-throttle-interval",
                        interval))
                .hasSize(count);
    }
}
