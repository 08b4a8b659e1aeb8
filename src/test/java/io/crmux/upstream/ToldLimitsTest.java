package io.crmux.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.HubSpot;
import io.crmux.connector.Intercom;
import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeHubSpot;
import io.crmux.connector.fake.FakeIntercom;
import io.crmux.crm.Answer;
import io.crmux.crm.Call;
import io.crmux.crm.Connector;
import io.crmux.crm.Crm;
import io.crmux.crm.Deadline;
import io.crmux.crm.Lane;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Operation;
import io.crmux.crm.Settings;
import io.crmux.crm.Trace;
import io.crmux.crm.Transport;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where others have used a limit up, no call leaves until there is something left again: from a connector's reading to the queue. */
class ToldLimitsTest {

    private static final long WAY_MILLIS = 100;

    private final Vertx vertx = Vertx.vertx();
    private final ManualLoop loop = new ManualLoop();
    private final List<Long> left = new ArrayList<>();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private Crm open(Connector connector, FakeCrm fake, Map<String, String> values) {
        Settings settings = new Settings(values);
        long began = loop.millis();
        Transport transport = (request, timeout) -> {
            left.add(loop.millis() - began);
            Promise<Answer> answer = Promise.promise();
            loop.after(WAY_MILLIS, () -> answer.complete(fake.carryOut(request)));
            return answer.future();
        };
        return connector.open(settings, ManualUpstream.open(loop, connector, settings, transport));
    }

    private void call(Crm crm, int times) {
        for (int i = 0; i < times; i++) {
            crm.connect(new Call(Lane.VISITOR, Deadline.in(loop, 100_000), Operation.SYNC_TAGS, new Trace("t")));
        }
    }

    /** HubSpot tells no end of its window: what it tells holds for as long as the window is. */
    @Test
    void callsToHubSpotWaitForAWindow() {
        try (FakeHubSpot fake = new FakeHubSpot(vertx)) {
            Crm crm = open(new HubSpot(), fake, fake.settings(FakeHubSpot.TOKEN, "lists"));
            fake.budget().open(99);
            call(crm, 1);
            loop.advance(WAY_MILLIS);
            call(crm, 3);
            loop.advance(9_900);
            assertThat(left).containsExactly(0L);
            fake.budget().end();
            loop.advance(1_000);
            assertThat(left).hasSize(4).allMatch(at -> at == 0 || at >= 10_000);
        }
    }

    @Test
    void callsToIntercomWaitForTheEndThatIsTold() {
        try (FakeIntercom fake = new FakeIntercom(vertx)) {
            Crm crm = open(new Intercom(), fake, Map.of("url", fake.url(), "key", FakeIntercom.KEY));
            fake.budget().open(1665);
            call(crm, 1);
            loop.advance(WAY_MILLIS);
            call(crm, 3);
            loop.advance(6_999);
            assertThat(left).containsExactly(0L);
            fake.budget().end();
            loop.advance(1_000);
            assertThat(left).hasSize(4).allMatch(at -> at == 0 || (at >= 7_100 && at < 7_200));
        }
    }
}
