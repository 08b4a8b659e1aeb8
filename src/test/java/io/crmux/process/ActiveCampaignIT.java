package io.crmux.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.fake.FakeActiveCampaign;
import io.crmux.connector.fake.FakeCrm.Fault;
import io.crmux.connector.fake.FakeCrm.Reply;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole product against the ActiveCampaign fake, which counts what it is asked. */
@SuppressWarnings("NullAway.Init")
class ActiveCampaignIT {

    @TempDir
    private Path folder = Path.of("");

    private final Vertx vertx = Vertx.vertx();
    private final FakeActiveCampaign fake = new FakeActiveCampaign(vertx);
    private CrmuxProcess crmux;
    private Client site;

    @BeforeEach
    void start() {
        String account = "{crm: activecampaign, url: \"" + fake.url() + "\", key: " + FakeActiveCampaign.KEY
                + ", urls: {events: \"" + fake.url() + "\"}";
        crmux = CrmuxProcess.start(
                folder, "  main: " + account + ", cache: {fresh: 2s, stale: 1h}}\n" + "  many: " + account + "}");
        site = crmux.client();
    }

    @AfterEach
    void stop() {
        crmux.close();
        fake.close();
        vertx.close().await();
        assertThat(crmux.said()).doesNotContain(FakeActiveCampaign.KEY).doesNotContain("@example.com");
    }

    private static JsonObject tags(String... tags) {
        return new JsonObject().put("tags", new JsonArray(List.of(tags)));
    }

    private Set<String> tagsInCrm(String id) {
        return Objects.requireNonNull(fake.person(id)).tags();
    }

    @Test
    void twentyLookUpsOfOneAddressMakeOneCall() {
        String id = fake.add("jane@example.com");
        List<CompletableFuture<Client.Reply>> replies = IntStream.range(0, 20)
                .mapToObj(i -> site.startGet("v1/many/contacts/email:jane@example.com/id"))
                .toList();
        replies.forEach(reply -> assertThat(reply.join().json().getString("id")).isEqualTo(id));
        assertThat(fake.count("/contacts?email=")).isEqualTo(1);
    }

    @Test
    void aThousandReadsOfOneContactsTagsMakeOneCall() {
        String id = fake.add("jane@example.com", "vip");
        List<CompletableFuture<Client.Reply>> replies = IntStream.range(0, 1000)
                .mapToObj(i -> site.startGet("v1/many/contacts/" + id + "/tags"))
                .toList();
        replies.forEach(reply -> assertThat(reply.join().tags()).containsExactly("vip"));
        assertThat(fake.count("contact_view")).isEqualTo(1);
    }

    @Test
    void fiftyAppliesInABurstReachTheCrmInAtMostThreeCalls() {
        String id = fake.add("jane@example.com", "first");
        List<CompletableFuture<Client.Reply>> writes = IntStream.range(0, 50)
                .mapToObj(i -> site.start("POST", "v1/main/contacts/" + id + "/tags", tags("burst-" + i)))
                .toList();
        writes.forEach(write -> assertThat(write.join().status()).isEqualTo(202));
        assertThat(site.get("v1/main/contacts/" + id + "/tags").tags()).hasSize(51);
        Waiting.until("delivered", () -> tagsInCrm(id).size() == 51);
        assertThat(fake.count("contact_tag_add")).isLessThanOrEqualTo(3);
    }

    @Test
    void whatWasAcknowledgedSurvivesAKill() {
        String id = fake.add("jane@example.com");
        assertThat(site.post("v1/main/contacts/email:jane@example.com/tags", tags("survivor"))
                        .status())
                .isEqualTo(202);
        crmux.kill();
        crmux.restart();
        Waiting.until("delivered", () -> tagsInCrm(id).contains("survivor"));
    }

    @Test
    void whileTheCrmIsLimitedOrDownStaleAnswersSayThatTheyAre() {
        String id = fake.add("jane@example.com", "vip");
        String path = "v1/main/contacts/" + id + "/tags";
        site.get(path);
        for (int i = 0; i < 50; i++) {
            fake.next(new Fault.Instead(new Reply(500, "text/html", "<h1>Oops</h1>", List.of())));
        }
        Waiting.until(
                "stale and marked", () -> site.get(path).header("cache-status").contains("detail=crm-unavailable"));
        Client.Reply stale = site.get(path);
        assertThat(stale.tags()).containsExactly("vip");
        assertThat(stale.header("cache-status")).contains("hit; ttl=-");
    }

    @Test
    void aRefusedWriteIsToldToWhoWaits() {
        Client.Reply refused = site.post(
                "v1/main/contacts",
                new JsonObject()
                        .put("fields", new JsonObject().put("email", "a@b").put("first_name", "x"))
                        .put("map_meta_fields", false));
        assertThat(refused.status()).isEqualTo(201);
        fake.next(new Fault.Instead(Reply.json(
                422, new JsonObject().put("errors", new JsonArray().add(new JsonObject().put("title", "too long"))))));
        Client.Reply dead = site.patch(
                "v1/main/contacts/" + refused.json().getString("id"),
                new JsonObject().put("fields", new JsonObject().put("first_name", "x")),
                "prefer",
                "wait=20");
        assertThat(dead.status()).as(dead.text()).isEqualTo(422);
        assertThat(dead.json().getJsonObject("crm").getString("message")).isEqualTo("too long");
        assertThat(site.metric("crmux_dead_letters", "main")).isEqualTo(1);
    }

    @Test
    void addingAKnownContactUpdatesIt() {
        String id = fake.add("jane@example.com");
        Client.Reply added = site.post(
                "v1/main/contacts",
                new JsonObject()
                        .put(
                                "fields",
                                new JsonObject()
                                        .put("user_email", "jane@example.com")
                                        .put("last_name", "Doe")
                                        .put("shoe", "9")));
        assertThat(added.status()).as(added.text()).isEqualTo(200);
        assertThat(added.json()).isEqualTo(new JsonObject().put("id", id).put("dropped", new JsonArray().add("shoe")));
        assertThat(fake.size()).isEqualTo(1);
        assertThat(site.get("v1/main/contacts/" + id)
                        .json()
                        .getJsonObject("fields")
                        .getString("last_name"))
                .isEqualTo("Doe");
    }

    @Test
    void eventsAndDeletionsArrive() {
        String id = fake.add("jane@example.com");
        JsonObject event =
                new JsonObject().put("name", "course finished").put("properties", new JsonObject().put("course", "a"));
        assertThat(site.post("v1/main/contacts/" + id + "/events", event, "prefer", "wait=20")
                        .status())
                .isEqualTo(200);
        assertThat(fake.count("POST /event")).isEqualTo(1);
        assertThat(site.delete("v1/main/contacts/" + id, "prefer", "wait=20").status())
                .isEqualTo(200);
        assertThat(fake.size()).isZero();
        assertThat(site.get("v1/main/contacts/" + id + "/tags").status()).isEqualTo(404);
    }
}
