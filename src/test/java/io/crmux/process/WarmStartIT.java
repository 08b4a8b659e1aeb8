package io.crmux.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.fake.FakeActiveCampaign;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restart that costs the CRM no burst of calls. */
class WarmStartIT {

    private static final int CONTACTS = 30;

    @Test
    void everyContactIsInMemoryAfterARestart(@TempDir Path folder) {
        Vertx vertx = Vertx.vertx();
        FakeActiveCampaign fake = new FakeActiveCampaign(vertx);
        List<String> ids = new ArrayList<>();
        for (int n = 0; n < CONTACTS; n++) {
            ids.add(fake.add("user" + n + "@example.com", "vip"));
        }
        try (CrmuxProcess crmux = CrmuxProcess.start(
                folder,
                "  main: {crm: activecampaign, url: \"" + fake.url() + "\", key: " + FakeActiveCampaign.KEY
                        + ", limit: {rate: 1000/s}}\ncache: {snapshot: true}")) {
            assertThat(statuses(crmux.client(), ids)).allMatch(status -> status.contains("fwd=miss"));
            assertThat(crmux.stop()).isZero();
            crmux.restart();
            assertThat(statuses(crmux.client(), ids)).allMatch(status -> status.contains("hit"));
            crmux.kill();
            crmux.restart();
            assertThat(statuses(crmux.client(), ids)).allMatch(status -> status.contains("fwd=miss"));
            assertThat(crmux.said()).doesNotContain("@example.com");
        } finally {
            fake.close();
            vertx.close().await();
        }
    }

    private static List<String> statuses(Client site, List<String> ids) {
        return ids.stream()
                .map(id -> {
                    Client.Reply reply = site.get("v1/main/contacts/" + id + "/tags");
                    assertThat(reply.tags()).containsExactly("vip");
                    return reply.header("cache-status");
                })
                .toList();
    }
}
