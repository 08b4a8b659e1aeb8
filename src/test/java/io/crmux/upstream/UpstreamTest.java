package io.crmux.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmux.connector.ActiveCampaign;
import io.crmux.connector.Sandbox;
import io.crmux.crm.Budget;
import io.crmux.crm.Call;
import io.crmux.crm.Connector;
import io.crmux.crm.Deadline;
import io.crmux.crm.Http;
import io.crmux.crm.Lane;
import io.crmux.crm.Limit;
import io.crmux.crm.Operation;
import io.crmux.crm.Request;
import io.crmux.crm.Settings;
import io.crmux.crm.Standing;
import io.crmux.crm.Trace;
import io.crmux.crm.VertxLoop;
import io.crmux.telemetry.Metrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which connections share an account, and what leaves for which host. */
class UpstreamTest {

    private final Vertx vertx = Vertx.vertx();
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final Upstream upstream = new Upstream(vertx, new Metrics(registry), Counters.inMemory());

    @AfterEach
    void stop() {
        upstream.close().await();
        vertx.close().await();
    }

    private static Settings settings(String url, String key, String events) {
        return new Settings(Map.of("url", url, "key", key, "urls.events", events));
    }

    private Budget budget(String connection) {
        return Objects.requireNonNull(upstream.budgets().get(connection));
    }

    private void open(String name, Connector connector, Settings settings, Limit... rate) {
        upstream.open(name, connector, settings, new UpstreamOptions(List.of(rate), 0, null, null));
    }

    @Test
    void connectionsWithTheSameHostAndCredentialsShareABudgetWithTheLimitsOfAll() {
        Settings same = settings("http://a", "k", "http://e");
        open("one", new ActiveCampaign(), same);
        open("two", new ActiveCampaign(), same, Limit.of(1000, Duration.ofDays(1)));
        open("other", new ActiveCampaign(), settings("http://a", "l", "http://e"));
        assertThat(budget("one")).isSameAs(budget("two"));
        assertThat(budget("one")).isNotSameAs(budget("other"));
        Standing standing = budget("two").now().await();
        assertThat(standing.limits()).extracting(left -> left.limit().calls()).containsExactlyInAnyOrder(5, 100, 1000);
    }

    @Test
    void whatTheSecondConnectionAloneLimitsIsStillCountedAfterARestart() {
        Map<String, String> settings =
                Map.of("contacts", "5", "latency", "0ms", "failure_rate", "0.0", "tags_per_contact", "1");
        Counters counters = Counters.inMemory();
        for (int calls = 1; calls <= 2; calls++) {
            Upstream life = new Upstream(vertx, new Metrics(registry), counters);
            UpstreamOptions daily = new UpstreamOptions(List.of(Limit.of(1000, Duration.ofDays(1))), 0, null, null);
            Http http = life.open("one", new Sandbox(), new Settings(settings), UpstreamOptions.defaults());
            life.open("two", new Sandbox(), new Settings(settings), daily);
            Call call = new Call(
                    Lane.WRITE, Deadline.in(VertxLoop.open(vertx), 20_000), Operation.GET_TAGS, new Trace("t"));
            http.send(call, Request.get("memory:sandbox", "/account")).await();
            Standing standing =
                    Objects.requireNonNull(life.budgets().get("two")).now().await();
            assertThat(standing.limits()).extracting(Standing.Left::remaining).containsExactly(1000 - calls);
            life.close().await();
        }
    }

    @Test
    void anOpenBreakerIsAMetric() {
        Http http = upstream.open(
                "main",
                new Sandbox(),
                new Settings(Map.of("contacts", "5", "latency", "0ms", "failure_rate", "1.0", "tags_per_contact", "1")),
                UpstreamOptions.defaults());
        VertxLoop loop = VertxLoop.open(vertx);
        Gauge open = registry.get("crmux.upstream.breaker.open")
                .tag("connection", "main")
                .gauge();
        assertThat(open.value()).isZero();
        for (int i = 0; i < 20; i++) {
            Call call = new Call(Lane.WRITE, Deadline.in(loop, 20_000), Operation.GET_TAGS, new Trace("t"));
            http.send(call, Request.get("memory:sandbox", "/contacts/1/tags"))
                    .otherwiseEmpty()
                    .await();
        }
        await().untilAsserted(() -> assertThat(open.value()).isEqualTo(1));
    }

    @Test
    void settingsThatAreNoCredentialsMakeNoOtherAccount() {
        Map<String, String> more =
                new HashMap<>(settings("http://a", "k", "http://e").values());
        more.put("list", "7");
        open("one", new ActiveCampaign(), settings("http://a", "k", "http://e"));
        open("two", new ActiveCampaign(), new Settings(more));
        assertThat(budget("one")).isSameAs(budget("two"));
    }

    @Test
    void whatHasNoCredentialsIsToldApartByAllItsSettings() {
        open(
                "one",
                new Sandbox(),
                new Settings(
                        Map.of("contacts", "5", "latency", "0ms", "failure_rate", "0.0", "tags_per_contact", "1")));
        open(
                "two",
                new Sandbox(),
                new Settings(
                        Map.of("contacts", "6", "latency", "0ms", "failure_rate", "0.0", "tags_per_contact", "1")));
        assertThat(budget("one")).isNotSameAs(budget("two"));
    }

    @Test
    void hostsThatNoSettingNamesAreNotCalledInOnesOwnNetwork() {
        List<String> called = new CopyOnWriteArrayList<>();
        HttpServer crm = vertx.createHttpServer().requestHandler(request -> {
            called.add(request.uri());
            request.response().end("{}");
        });
        crm.listen(0, "127.0.0.1").await();
        String named = "http://127.0.0.1:" + crm.actualPort();
        Http http =
                upstream.open("main", HostsTest.VENDOR, settings(named, "k", "http://e"), UpstreamOptions.defaults());
        VertxLoop loop = VertxLoop.open(vertx);
        Call call = new Call(Lane.WRITE, Deadline.in(loop, 20_000), Operation.GET_TAGS, new Trace("t"));
        assertThat(http.send(call, Request.get(named, "/named")).await().status())
                .isEqualTo(200);
        for (String learned :
                List.of("https://localhost:" + crm.actualPort(), "http://localhost:" + crm.actualPort())) {
            assertThat(http.send(call, Request.get(learned, "/learned"))
                            .map("called")
                            .otherwise(failure -> String.valueOf(failure.getMessage()))
                            .await())
                    .startsWith("a host that the CRM named is not called");
        }
        assertThat(called).containsExactly("/named");
    }
}
