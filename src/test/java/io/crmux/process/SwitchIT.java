package io.crmux.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.fake.FakeActiveCampaign;
import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeCrm.Fault;
import io.crmux.connector.fake.FakeCrm.Fault.Instead;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.crmux.connector.fake.FakeDrip;
import io.crmux.connector.fake.FakeEmailOctopus;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site goes on as before when its connection is another CRM: nothing but the configuration has changed. */
class SwitchIT {

    @TempDir
    private Path folder = Path.of("");

    private final Vertx vertx = Vertx.vertx();
    private final FakeActiveCampaign activeCampaign = new FakeActiveCampaign(vertx);
    private final FakeDrip drip = new FakeDrip(vertx);
    private final FakeEmailOctopus emailOctopus = new FakeEmailOctopus(vertx);

    @AfterEach
    void stop() {
        activeCampaign.close();
        drip.close();
        emailOctopus.close();
        vertx.close().await();
    }

    private String activeCampaign() {
        return "  main: {crm: activecampaign, url: \"" + activeCampaign.url() + "\", key: " + FakeActiveCampaign.KEY
                + "}";
    }

    private String drip() {
        return "  main: {crm: drip, url: \"" + drip.url() + "\", account: \"" + FakeDrip.ACCOUNT + "\", token: "
                + FakeDrip.TOKEN + "}";
    }

    private String emailOctopus() {
        return "  main: {crm: emailoctopus, url: \"" + emailOctopus.url() + "\", list: " + FakeEmailOctopus.LIST
                + ", key: " + FakeEmailOctopus.KEY + "}";
    }

    @Test
    void theSameCallsWorkWithAnotherConfiguration() {
        try (CrmuxProcess crmux = CrmuxProcess.start(folder, activeCampaign())) {
            visit(crmux.client());
            for (String other : List.of(drip(), emailOctopus())) {
                crmux.restartWith(other);
                visit(crmux.client());
            }
            assertThat(crmux.said()).doesNotContain("@example.com");
        }
        assertThat(List.<FakeCrm>of(activeCampaign, drip, emailOctopus))
                .allSatisfy(crm -> assertThat(crm.calls()).isNotEmpty());
    }

    /** What a site does with a visitor, from the first form on. */
    private static void visit(Client site) {
        JsonObject form = new JsonObject().put("user_email", "jane@example.com").put("first_name", "Jane");
        JsonArray vip = new JsonArray().add("vip");
        int added = site.post(
                        "v1/main/contacts", new JsonObject().put("fields", form).put("tags", vip))
                .status();
        assertThat(added).isIn(200, 201);
        String jane = "v1/main/contacts/email:jane@example.com";
        site.post(jane + "/tags", new JsonObject().put("tags", new JsonArray().add("gold")), "Prefer", "wait=20");
        site.delete(jane + "/tags?tag=vip", "Prefer", "wait=20");
        site.patch(jane, new JsonObject().put("fields", new JsonObject().put("last_name", "Doe")), "Prefer", "wait=20");
        assertThat(site.get(jane + "/tags", "Cache-Control", "no-cache").tags()).containsExactly("gold");
        JsonObject fields = site.get(jane).json().getJsonObject("fields");
        assertThat(fields.getString("user_email")).isEqualTo("jane@example.com");
        assertThat(fields.getString("first_name")).isEqualTo("Jane");
        assertThat(fields.getString("last_name")).isEqualTo("Doe");
    }

    /** In the other account, Jane's old id is Joe's. */
    @Test
    void whatWaitsReachesTheSamePersonInTheOtherAccount() {
        String old = activeCampaign.add("jane@example.com");
        FakeActiveCampaign other = new FakeActiveCampaign(vertx);
        assertThat(other.add("joe@example.com")).isEqualTo(old);
        other.add("jane@example.com");
        JsonObject gold = new JsonObject().put("tags", new JsonArray().add("gold"));
        try (CrmuxProcess crmux = CrmuxProcess.start(folder, activeCampaign())) {
            crmux.client().get("v1/main/contacts/email:jane@example.com/tags");
            activeCampaign.next(
                    Collections.nCopies(50, new Instead(Reply.empty(503))).toArray(Fault[]::new));
            String fate = crmux.client()
                    .post("v1/main/contacts/" + old + "/tags", gold)
                    .header("Location")
                    .substring(1);
            crmux.restartWith(
                    "  main: {crm: activecampaign, url: \"" + other.url() + "\", key: " + FakeActiveCampaign.KEY + "}");
            Client site = crmux.client();
            Waiting.until(
                    "gold is delivered",
                    () -> "delivered".equals(site.get(fate).json().getString("state")));
            assertThat(site.get("v1/main/contacts/email:joe@example.com/tags").tags())
                    .isEmpty();
            assertThat(site.get("v1/main/contacts/email:jane@example.com/tags").tags())
                    .containsExactly("gold");
            assertThat(crmux.said()).contains("1 stored changes go by addresses, 0 have none");
        } finally {
            other.close();
        }
    }
}
