package io.crmux.process;

import static org.assertj.core.api.Assertions.assertThat;

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

/** That a change is on the disk before it is acknowledged, as the system calls tell. Needs strace, and the right to trace. */
class SyncProof {

    private static final String SYNCS = "fdatasync,fsync";
    private static final String SOCKETS = "read,recvfrom,recvmsg,readv,write,writev,sendto,sendmsg";
    private static final int WRITES = 20;

    @TempDir
    private Path folder = Path.of("");

    private final Vertx vertx = Vertx.vertx();
    private final Witness witness = new Witness(vertx, 1);
    private CrmuxProcess crmux;

    /** Nothing is delivered meanwhile: the only syncs are those of what is accepted. */
    @BeforeEach
    void start() {
        witness.shut();
        crmux = CrmuxProcess.start(folder, Witness.connection(witness.url()));
        assertThat(write(0).status()).isEqualTo(202);
    }

    @AfterEach
    void stop() {
        crmux.close();
        witness.close();
        vertx.close().await();
    }

    private Client.Reply write(int number) {
        JsonObject tags = new JsonObject().put("tags", new JsonArray().add("tag-" + number));
        return crmux.client().post("v1/main/contacts/1/tags", tags);
    }

    @Test
    void aSyncComesBeforeEachAcknowledgement() {
        Strace strace = Strace.attach(crmux.pid(), folder.resolve("calls"), "-e", "trace=" + SYNCS + "," + SOCKETS);
        IntStream.range(0, WRITES).forEach(i -> assertThat(write(i).status()).isEqualTo(202));
        int acknowledged = 0;
        boolean asked = false;
        boolean synced = false;
        for (String call : strace.end()) {
            if (call.contains("POST /v1/main")) {
                asked = true;
                synced = false;
            } else if (call.matches(".*(fdatasync|fsync).*= 0$")) {
                synced = asked;
            } else if (call.contains("HTTP/1.1 202")) {
                assertThat(synced).as("a sync before: %s", call).isTrue();
                acknowledged++;
            }
        }
        assertThat(acknowledged).isEqualTo(WRITES);
    }

    @Test
    void whenSyncingFailsNothingIsAcknowledged() {
        failing(SYNCS, "EIO");
    }

    @Test
    void whenTheDiskIsFullNothingIsAcknowledged() {
        failing("pwrite64", "ENOSPC");
    }

    /** All calls of a kind fail: every write is refused. When they succeed again, writes are accepted, and what was accepted before is there. */
    private void failing(String calls, String error) {
        String before = write(1).json().getString("operation");
        Strace strace = Strace.attach(
                crmux.pid(),
                folder.resolve("calls"),
                "-e",
                "trace=" + calls,
                "-e",
                "inject=" + calls + ":error=" + error);
        List<Integer> statuses =
                IntStream.range(0, WRITES).mapToObj(i -> write(i).status()).toList();
        List<String> seen = strace.end();
        assertThat(seen).anyMatch(call -> call.contains(error) && call.contains("INJECTED"));
        assertThat(statuses).containsOnly(503);

        String after = write(2).json().getString("operation");
        crmux.kill();
        crmux.restart();
        for (String operation : List.of(before, after)) {
            Client.Reply fate = crmux.client().get("v1/main/operations/" + operation);
            assertThat(fate.json().getString("state")).isIn("queued", "delivering");
        }
    }
}
