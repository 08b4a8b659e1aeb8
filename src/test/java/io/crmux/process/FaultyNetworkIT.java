package io.crmux.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.fault.Fault;
import io.crmux.fault.FaultPlan;
import io.crmux.fault.FaultProxy;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole product, with a network between it and the CRM that loses 30 of 100 answers and a few requests, and a CRM that fails now and then. */
class FaultyNetworkIT {

    private static final long SEED = Long.getLong("seed", System.nanoTime() % 1_000_000_000);
    /** Their batches are one call: longer ones would rarely get through such a network in seconds. */
    private static final int ALL = 100;

    private static final int SITES = 5;
    private static final int WRITES = 50;
    private static final int FAIL_PERCENT = 4;
    /** So many meet the faults. Then the network is sound: a contact that has failed often waits for minutes otherwise. */
    private static final int EXCHANGES = 250;

    private static final int LONGEST_CUT = 300;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void whatIsAnsweredToNobodyIsNotDoneTwiceAndNothingIsLost() {
        Vertx vertx = Vertx.vertx();
        Witness witness = new Witness(vertx, SEED);
        witness.fail(FAIL_PERCENT);
        FaultPlan plan = FaultPlan.seeded(SEED)
                .with(20, new Fault.Reset(0))
                .with(
                        10,
                        "Truncate[less than " + LONGEST_CUT + "]",
                        random -> new Fault.Truncate(random.nextInt(LONGEST_CUT)))
                .with(5, new Fault.Drop())
                .with(10, new Fault.Delay(20))
                .with(1, new Fault.Stall(10));
        FaultProxy proxy = FaultProxy.before(vertx, witness.port(), plan);
        List<Site> sites = IntStream.range(0, SITES)
                .mapToObj(i -> new Site("s" + i, witness, ALL))
                .toList();
        Judge judge = new Judge(sites, witness, true);
        try (CrmuxProcess crmux = CrmuxProcess.start(folder, Witness.connection(proxy.url()))) {
            Random random = new Random(SEED);
            for (int i = 0; i < WRITES; i++) {
                sites.forEach(site -> site.write(crmux.client(), random, 1));
            }
            Waiting.until("faults", () -> proxy.exchanges() > EXCHANGES || judge.allHaveEnded(crmux.client()));
            proxy.follow(FaultPlan.seeded(SEED));
            Waiting.until("all has ended", () -> judge.allHaveEnded(crmux.client()));
            judge.allIsAsPromised();
            System.out.printf(
                    "%s: %d faults in %d exchanges; %s%n", plan, proxy.faults().size(), proxy.exchanges(), judge);
            assertThat(proxy.faults()).hasSizeGreaterThan(20);
        } catch (AssertionError failed) {
            throw new AssertionError(plan + ": " + failed.getMessage(), failed);
        } finally {
            proxy.close();
            witness.close();
            vertx.close().await();
        }
    }
}
