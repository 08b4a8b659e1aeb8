package io.crmux.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.fault.Fault;
import io.crmux.fault.FaultPlan;
import io.crmux.fault.FaultProxy;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole product beside a CRM that does what it is asked, and whose connection breaks in 30 of 100 calls before the answer: {@code -Dcalls=} says how many.
 * {@code LostAnswersTest} has the same in injected time, where all that CRMs differ in is tried.
 */
class LostConnectionsProof {

    private static final long SEED = Long.getLong("seed", System.nanoTime() % 1_000_000_000);
    private static final int CALLS = Integer.getInteger("calls", 100_000);
    private static final int CONTACTS = 1_000;
    private static final int LOST_PERCENT = 30;
    private static final int AT_ONCE = 64;
    /** Enough that lost answers hold nobody up. */
    private static final int CONCURRENT = 32;
    /** A contact that has failed ten times in a row waits so long. */
    private static final long LONGEST_PAUSE_SECONDS = 1_800;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void noContactIsMadeTwiceAndNoTagIsLost() {
        Vertx vertx = Vertx.vertx();
        Witness witness = new Witness(vertx, SEED);
        FaultProxy proxy =
                FaultProxy.before(vertx, witness.port(), FaultPlan.seeded(SEED).with(LOST_PERCENT, new Fault.Reset(0)));
        List<String> tags = new ArrayList<>();
        try (CrmuxProcess crmux = CrmuxProcess.start(folder, Witness.connection(proxy.url(), CONCURRENT))) {
            Client client = crmux.client();
            write(
                    client,
                    "v1/main/contacts",
                    email -> new JsonObject().put("fields", new JsonObject().put("user_email", email)));
            while (proxy.exchanges() < CALLS) {
                long before = proxy.exchanges();
                String tag = "tag-" + tags.size();
                tags.add(tag);
                write(
                        client,
                        "v1/main/contacts/email:%s/tags",
                        email -> new JsonObject().put("tags", new JsonArray().add(tag)));
                Waiting.until("it calls", () -> proxy.exchanges() >= before + CONTACTS / 2);
            }
            long lost = proxy.faults().size();
            proxy.follow(FaultPlan.seeded(SEED));
            Waiting.until(
                    "all is delivered", LONGEST_PAUSE_SECONDS, () -> client.metric("crmux_outbox_length", "main") == 0);
            System.out.printf(
                    "seed %d: %d calls, the answers to %d of them lost, %d tags for each of %d contacts%n",
                    SEED, proxy.exchanges(), lost, tags.size(), CONTACTS);
        } finally {
            proxy.close();
            witness.close();
            vertx.close().await();
        }
        assertThat(witness.size()).as("contacts, seed %d", SEED).isEqualTo(CONTACTS);
        for (int i = 0; i < CONTACTS; i++) {
            assertThat(witness.tags(email(i)))
                    .as("%s, seed %d", email(i), SEED)
                    .containsExactlyInAnyOrderElementsOf(tags);
        }
    }

    private static String email(int number) {
        return "c" + number + "@example.com";
    }

    /** The same write for each contact, of which all are acknowledged at the end. */
    private static void write(Client client, String path, Function<String, JsonObject> body) {
        for (int from = 0; from < CONTACTS; from += AT_ONCE) {
            List<CompletableFuture<Client.Reply>> replies = IntStream.range(from, Math.min(CONTACTS, from + AT_ONCE))
                    .mapToObj(LostConnectionsProof::email)
                    .map(email -> client.start(
                            "POST", String.format(path, email), body.apply(email), "prefer", "respond-async"))
                    .toList();
            replies.forEach(reply -> assertThat(reply.join().status()).isEqualTo(202));
        }
    }
}
