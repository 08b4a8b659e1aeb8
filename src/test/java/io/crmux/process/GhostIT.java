package io.crmux.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The whole product against a real CRM that nobody in the project wrote. */
@EnabledIf(value = "io.crmux.process.RealGhost#isThere", disabledReason = "needs CRMUX_GHOST_DIR and CRMUX_SHARED")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class GhostIT {

    /** Of calls for sixty members: how many go together depends on how quickly Ghost answers those before them. */
    private static final double A_FEW = 15;

    @TempDir
    private Path folder = Path.of("");

    private RealGhost ghost;
    private CrmuxProcess crmux;
    private Client site;
    private int contacts;

    @BeforeAll
    void startGhost() {
        ghost = RealGhost.start();
    }

    @AfterAll
    void stopGhost() {
        ghost.close();
    }

    @BeforeEach
    void start() throws Exception {
        Path own = java.nio.file.Files.createTempDirectory(folder, "run");
        String account = "{crm: ghost, url: \"" + ghost.url() + "\", key: \"" + ghost.key() + "\", ";
        crmux = CrmuxProcess.start(
                own,
                "  main: " + account + "cache: {fresh: 2s, stale: 1h}}\n" + "  many: " + account
                        + "batch: {linger: 5s}, limit: {concurrent: 1}}");
        site = crmux.client();
    }

    @AfterEach
    void stop() {
        crmux.close();
        assertThat(crmux.said()).doesNotContain(ghost.key());
    }

    private String newAddress() {
        return "visitor" + System.nanoTime() + "-" + contacts++ + "@example.com";
    }

    private String add(String email, String... tags) {
        Client.Reply added = site.post(
                "v1/main/contacts",
                new JsonObject()
                        .put("fields", new JsonObject().put("user_email", email).put("first_name", "Jane"))
                        .put("tags", new JsonArray(List.of(tags))));
        assertThat(added.status()).as(added.text()).isEqualTo(201);
        return added.json().getString("id");
    }

    private static JsonObject tags(String... tags) {
        return new JsonObject().put("tags", new JsonArray(List.of(tags)));
    }

    /** What Ghost itself has, asked past every cache. */
    private List<String> tagsInGhost(String id) {
        Client.Reply reply = site.get("v1/main/contacts/" + id + "/tags", "cache-control", "no-cache");
        return reply.tags();
    }

    private void awaitDelivery(Client.Reply accepted) {
        assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
        String operation = accepted.json().getString("operation");
        Waiting.until(
                "delivered",
                () -> site.get("v1/main/operations/" + operation)
                        .json()
                        .getString("state")
                        .equals("delivered"));
    }

    @Test
    void everyOperation() {
        assertThat(site.post("v1/main/connect", new JsonObject()).json().getBoolean("connected"))
                .isTrue();
        String email = newAddress();
        String id = add(email, "customer", "vip");
        String contact = "v1/main/contacts/" + id;
        assertThat(site.get("v1/main/contacts/email:" + email + "/id").json().getString("id"))
                .isEqualTo(id);
        Waiting.until("tags are there", () -> site.get(contact + "/tags").tags().equals(List.of("customer", "vip")));
        awaitDelivery(site.post(contact + "/tags", tags("gold")));
        awaitDelivery(site.delete(contact + "/tags?tag=vip"));
        assertThat(tagsInGhost(id)).containsExactlyInAnyOrder("customer", "gold");
        awaitDelivery(site.patch(contact, new JsonObject().put("fields", new JsonObject().put("last_name", "Doe"))));
        JsonObject fields = site.get(contact).json().getJsonObject("fields");
        assertThat(fields.getString("first_name")).isEqualTo("Jane");
        assertThat(fields.getString("last_name")).isEqualTo("Doe");
        assertThat(fields.getString("user_email")).isEqualTo(email);
        assertThat(site.get("v1/main/tags", "cache-control", "no-cache").text()).contains("\"gold\"");
        assertThat(site.get("v1/main/fields").text()).contains("note");
        assertThat(site.get("v1/main/contacts?tag=gold").json().getJsonArray("contacts"))
                .contains(id);
        String label = "label " + System.nanoTime();
        assertThat(site.post("v1/main/tags", new JsonObject().put("name", label))
                        .status())
                .isEqualTo(201);
        assertThat(site.get("v1/main/lists").status()).isEqualTo(501);
        assertThat(site.post(contact + "/events", new JsonObject().put("name", "x"))
                        .status())
                .isEqualTo(501);
        awaitDelivery(site.delete(contact));
        assertThat(site.get(contact + "/tags").status()).isEqualTo(404);
        assertThat(site.get("v1/main/contacts/email:" + email + "/tags").status())
                .isEqualTo(404);
    }

    @Test
    void aKnownAddressIsUpdated() {
        String email = newAddress();
        String id = add(email);
        site.delete("v1/main/cache");
        Client.Reply again = site.post(
                "v1/main/contacts",
                new JsonObject()
                        .put("fields", new JsonObject().put("user_email", email).put("first_name", "Joan")));
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().getString("id")).isEqualTo(id);
        assertThat(site.get("v1/main/contacts/" + id)
                        .json()
                        .getJsonObject("fields")
                        .getString("first_name"))
                .isEqualTo("Joan");
    }

    @Test
    void wrongCredentialsAreToldApart() {
        Client.Reply reply =
                site.post("v1/main/connect", new JsonObject().put("key", "0123456789abcdef01234567:00ff00ff"));
        assertThat(reply.status()).as(reply.text()).isEqualTo(422);
        assertThat(reply.json().getString("type")).isEqualTo("invalid");
    }

    @Test
    void twentyLookUpsAtOnceAreOneCall() {
        String email = newAddress();
        String id = add(email);
        site.delete("v1/main/cache");
        double before = site.metric("crmux_upstream_calls_seconds_count", "get_contact_id");
        List<CompletableFuture<Client.Reply>> replies = IntStream.range(0, 20)
                .mapToObj(i -> site.startGet("v1/main/contacts/email:" + email + "/id"))
                .toList();
        replies.forEach(reply -> assertThat(reply.join().json().getString("id")).isEqualTo(id));
        assertThat(site.metric("crmux_upstream_calls_seconds_count", "get_contact_id") - before)
                .isEqualTo(1);
    }

    @Test
    void aLabelForManyMembersIsFewCalls() {
        List<String> ids =
                IntStream.range(0, 60).mapToObj(i -> add(newAddress(), "one")).toList();
        Waiting.until("settled", () -> site.metric("crmux_outbox_length", "main") == 0);
        double before = callsOfMany();
        List<CompletableFuture<Client.Reply>> writes = ids.stream()
                .map(id -> site.start("POST", "v1/many/contacts/" + id + "/tags", tags("many")))
                .toList();
        writes.forEach(write -> assertThat(write.join().status()).isEqualTo(202));
        assertThat(site.metric("crmux_outbox_length", "many"))
                .as("all of them wait for company")
                .isEqualTo(60);
        Waiting.until("all delivered", () -> site.metric("crmux_outbox_length", "many") == 0);
        assertThat(callsOfMany() - before).isLessThanOrEqualTo(A_FEW);
        ids.forEach(id -> assertThat(tagsInGhost(id)).containsExactlyInAnyOrder("one", "many"));
    }

    @Test
    void manyAddressesAreLookedUpInFewCalls() {
        Map<String, String> idsByAddress = new LinkedHashMap<>();
        for (int i = 0; i < 60; i++) {
            String email = newAddress();
            idsByAddress.put(email, add(email));
        }
        double before = callsOfMany();
        List<CompletableFuture<Client.Reply>> lookUps = idsByAddress.keySet().stream()
                .map(email -> site.startGet("v1/many/contacts/email:" + email + "/id"))
                .toList();
        assertThat(lookUps)
                .extracting(lookUp -> lookUp.join().json().getString("id"))
                .containsExactlyElementsOf(idsByAddress.values());
        assertThat(callsOfMany() - before).isLessThanOrEqualTo(A_FEW);
    }

    private double callsOfMany() {
        return site.metric("crmux_upstream_calls_seconds_count", "\"many\"");
    }

    @Test
    void aBurstIsMergedAndVisibleAtOnce() {
        String id = add(newAddress());
        site.get("v1/main/contacts/" + id + "/tags");
        double before = site.metric("crmux_upstream_calls_seconds_count", "apply_tags");
        List<CompletableFuture<Client.Reply>> writes = IntStream.range(0, 50)
                .mapToObj(i -> site.start("POST", "v1/main/contacts/" + id + "/tags", tags("burst-" + i)))
                .toList();
        writes.forEach(write -> assertThat(write.join().status()).isEqualTo(202));
        assertThat(site.get("v1/main/contacts/" + id + "/tags").tags()).hasSize(50);
        Waiting.until(
                "all delivered", () -> tagsInGhost(id).size() == 50 && site.metric("crmux_outbox_length", "main") == 0);
        assertThat(site.metric("crmux_upstream_calls_seconds_count", "apply_tags") - before)
                .as("reads and writes of the member")
                .isLessThanOrEqualTo(6);
    }

    @Test
    void whatWasAcknowledgedSurvivesAKill() {
        String id = add(newAddress());
        Client.Reply accepted = site.post("v1/main/contacts/" + id + "/tags", tags("survivor"));
        crmux.kill();
        crmux.restart();
        assertThat(site.get("v1/main/contacts/" + id + "/tags").tags()).contains("survivor");
        awaitDelivery(accepted);
        assertThat(tagsInGhost(id)).contains("survivor");
    }

    @Test
    void whileGhostIsDownReadsAreStaleAndWritesWait() {
        String id = add(newAddress(), "before");
        Waiting.until("delivered", () -> site.metric("crmux_outbox_length", "main") == 0);
        String path = "v1/main/contacts/" + id + "/tags";
        site.get(path, "cache-control", "no-cache");
        ghost.stop();
        Waiting.until(
                "stale and marked", () -> site.get(path).header("cache-status").contains("detail=crm-unavailable"));
        assertThat(site.get(path).tags()).containsExactly("before");
        Client.Reply accepted = site.post(path, tags("while-down"));
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(site.get(path).tags()).containsExactly("before", "while-down");
        ghost.startAgain();
        awaitDelivery(accepted);
        assertThat(tagsInGhost(id)).containsExactlyInAnyOrder("before", "while-down");
    }

    @Test
    void stoppingDeliversWhatIsDue() {
        String id = add(newAddress());
        site.post("v1/main/contacts/" + id + "/tags", tags("last"));
        assertThat(crmux.stop()).isZero();
        crmux.restart();
        assertThat(site.metric("crmux_outbox_length", "main")).isZero();
        assertThat(tagsInGhost(id)).containsExactly("last");
    }
}
