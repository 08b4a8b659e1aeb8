package io.crmux.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.fake.FakeHubSpot;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole product against the HubSpot fake, which counts what it is asked. */
@SuppressWarnings("NullAway.Init")
class HubSpotIT {

    @TempDir
    private Path folder = Path.of("");

    private final Vertx vertx = Vertx.vertx();
    private final FakeHubSpot fake = new FakeHubSpot(vertx);
    private CrmuxProcess crmux;
    private Client site;

    @BeforeEach
    void start() {
        crmux = CrmuxProcess.start(
                folder, "  main: {crm: hubspot, url: \"" + fake.url() + "\", token: " + FakeHubSpot.TOKEN + "}");
        site = crmux.client();
    }

    @AfterEach
    void stop() {
        crmux.close();
        fake.close();
        vertx.close().await();
        assertThat(crmux.said()).doesNotContain("@example.com");
    }

    @Test
    void aThousandAddressesAreLookedUpInTenCalls() {
        String jane = fake.add("user7@example.com", "vip");
        String vip = fake.list("vip");
        JsonArray emails = new JsonArray(IntStream.range(0, 1_000)
                .mapToObj(i -> "user" + i + "@example.com")
                .toList());
        JsonArray contacts = site.post("v1/main/lookup", new JsonObject().put("emails", emails), "Prefer", "wait=10")
                .json()
                .getJsonArray("contacts");
        List<JsonObject> rows = contacts.stream().map(JsonObject.class::cast).toList();
        assertThat(rows).hasSize(1_000);
        assertThat(rows.get(7).getString("id")).isEqualTo(jane);
        assertThat(rows.get(7).getJsonArray("tags")).containsExactly(vip);
        assertThat(rows)
                .filteredOn(row -> "missing".equals(row.getString("state")))
                .hasSize(999);
        assertThat(fake.count("batch/read")).isEqualTo(10);
        assertThat(fake.count("idProperty=email")).isZero();
        assertThat(site.get("v1/main/budget").json().getJsonObject("saved").getInteger("batching"))
                .isEqualTo(990);
    }
}
