package io.crmux.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole product, killed with SIGKILL again and again while sites write and a CRM counts. What happens at the n-th kill follows from the seed plus n,
 * as far as two processes can be repeated: {@code -Dkills=} says how many, {@code -Dseed=} where to begin.
 */
class CrashIT {

    private static final int KILLS = Integer.getInteger("kills", 50);
    private static final long SEED = Long.getLong("seed", System.nanoTime() % 1_000_000_000);

    private static final int SITES = 6;
    private static final int PLAIN_PERCENT = 30;
    private static final int MOST_WRITES = 100;
    private static final int LONGEST_PAUSE_MILLIS = 30;
    private static final int START_MILLIS = 700;
    private static final int ONE_IN = 5;
    private static final int REPORT_EVERY = 50;
    private static final Executor THREADS = task -> new Thread(task, "site").start();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void nothingAcknowledgedIsLostReorderedOrDoneTwiceByMistake() {
        Vertx vertx = Vertx.vertx();
        Witness witness = new Witness(vertx, SEED);
        List<Site> sites = IntStream.range(0, SITES)
                .mapToObj(i -> new Site("s" + i, witness, PLAIN_PERCENT))
                .toList();
        Judge judge = new Judge(sites, witness, false);
        int kill = 1;
        try (CrmuxProcess crmux = start(witness)) {
            for (; kill <= KILLS; kill++) {
                Random random = new Random(new SplittableRandom(SEED + kill).nextLong());
                writeAndKill(crmux, sites, random);
                witness.shut();
                judge.read();
                while (kill < KILLS && random.nextInt(ONE_IN) == 0) {
                    kill++;
                    killWhileItStarts(crmux, random);
                    witness.shut();
                }
                crmux.restart();
                judge.restarted(crmux.client());
                witness.open();
                if (kill % REPORT_EVERY == 0 || kill == KILLS) {
                    System.out.printf("seed %d, %d kills: %s%n", SEED, kill, judge);
                }
            }
            Waiting.until("all has ended", () -> judge.allHaveEnded(crmux.client()));
            judge.allIsAsPromised();
            System.out.printf("seed %d: %s%n", SEED, judge);
            assertThat(crmux.said()).doesNotContain("@example.com");
        } catch (AssertionError | CompletionException failed) {
            throw new AssertionError("seed " + SEED + ", kill " + kill + ": " + failed.getMessage(), failed);
        } finally {
            witness.close();
            vertx.close().await();
        }
    }

    /** The classes are kept from a first run, so that each start takes half the time. */
    private CrmuxProcess start(Witness witness) {
        CrmuxProcess crmux = CrmuxProcess.start(folder, Witness.connection(witness.url()));
        crmux.stop();
        String archive = folder.resolve("classes.jsa").toString();
        crmux.jvm("-XX:ArchiveClassesAtExit=" + archive, "-Xlog:disable", "-XX:+UseSerialGC");
        crmux.restart();
        crmux.stop();
        crmux.jvm("-XX:SharedArchiveFile=" + archive, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        crmux.restart();
        return crmux;
    }

    private static void writeAndKill(CrmuxProcess crmux, List<Site> sites, Random random) {
        Client client = crmux.client();
        List<CompletableFuture<Void>> writing = sites.stream()
                .map(site -> {
                    Random own = new Random(random.nextLong());
                    return CompletableFuture.runAsync(() -> site.writeUntilTheServerIsGone(client, own), THREADS);
                })
                .toList();
        int writes = sum(sites) + random.nextInt(MOST_WRITES);
        Waiting.until(
                "sites write", () -> sum(sites) >= writes || writing.stream().anyMatch(CompletableFuture::isDone));
        pause(random.nextInt(LONGEST_PAUSE_MILLIS));
        crmux.kill();
        writing.forEach(CompletableFuture::join);
    }

    private static int sum(List<Site> sites) {
        return sites.stream().mapToInt(Site::acknowledged).sum();
    }

    private static void killWhileItStarts(CrmuxProcess crmux, Random random) {
        crmux.begin();
        pause(random.nextInt(START_MILLIS));
        crmux.kill();
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
