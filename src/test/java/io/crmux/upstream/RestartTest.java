package io.crmux.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.Sandbox;
import io.crmux.crm.Call;
import io.crmux.crm.Deadline;
import io.crmux.crm.Lane;
import io.crmux.crm.Limit;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Operation;
import io.crmux.crm.Request;
import io.crmux.crm.Standing;
import io.crmux.crm.Trace;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Limits across a restart, as a CRM counts them that knows nothing of it. */
class RestartTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ManualLoop loop = new ManualLoop();
    private final Disk disk = new Disk();

    /** Takes a moment to write, and is not written to by a process that was killed. */
    private final class Disk implements Counters {
        private static final int WRITE_MILLIS = 5;

        private JsonObject kept = new JsonObject();
        private int life;
        private int writes;

        @Override
        public Future<Optional<JsonObject>> recover(String account) {
            return Future.succeededFuture(Optional.of(kept));
        }

        @Override
        public Future<Void> keep(String account, JsonObject counts) {
            int of = life;
            loop.after(WRITE_MILLIS, () -> {
                if (of == life) {
                    kept = counts;
                    writes++;
                }
            });
            return Future.succeededFuture();
        }

        void kill() {
            life++;
        }
    }

    private static List<List<Limit>> limits() {
        return List.of(
                List.of(Limit.of(5, Duration.ofSeconds(1))),
                List.of(Limit.of(100, Duration.ofSeconds(10))),
                List.of(Limit.of(12, Duration.ofSeconds(10))),
                List.of(Limit.of(100, MINUTE)),
                List.of(Limit.of(10, Duration.ofSeconds(1)), Limit.of(240, MINUTE)));
    }

    private Account account(LimitedCrm crm, List<Limit> limits) {
        return ManualUpstream.account(loop, crm, limits, 10, disk);
    }

    private void call(Account account, LimitedCrm crm, int times) {
        for (int i = 0; i < times; i++) {
            Call call = new Call(Lane.VISITOR, Deadline.in(loop, 30_000), Operation.GET_TAGS, new Trace("t"));
            account.send(ManualUpstream.way(crm, crm), call, Request.get("http://crm", "/a"));
        }
    }

    @ParameterizedTest
    @MethodSource("limits")
    void theCrmRefusesNothingAfterAnOrderlyRestart(List<Limit> limits) {
        LimitedCrm crm = new LimitedCrm(loop, 1, limits, Integer.MAX_VALUE);
        Account account = account(crm, limits);
        call(account, crm, limits.get(0).calls());
        loop.advance(2_000);
        account.close();
        loop.advance(1_000);
        call(account(crm, limits), crm, limits.get(0).calls());
        loop.advance(10_000);
        assertThat(crm.refusals()).isEmpty();
    }

    /** It is killed after busy times and quiet ones, up to five seconds after the last of these began, and starts again within a second. */
    @ParameterizedTest
    @MethodSource("limits")
    void theCrmRefusesNothingAfterACrash(List<Limit> limits) {
        Random random = new Random(7);
        for (int seed = 0; seed < 10; seed++) {
            disk.kept = new JsonObject();
            LimitedCrm crm = new LimitedCrm(loop, seed, limits, Integer.MAX_VALUE);
            for (int life = 0; life < 5; life++) {
                Account account = account(crm, limits);
                for (int burst = random.nextInt(3); burst >= 0; burst--) {
                    call(account, crm, 1 + random.nextInt(2 * limits.get(0).calls()));
                    loop.advance(random.nextInt(burst == 0 ? 5_000 : 20_000));
                }
                disk.kill();
                account.close();
                loop.advance(random.nextInt(1_000));
            }
            assertThat(crm.refusals()).as("seed " + seed).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("limits")
    void aStartAfterALongPauseIsNoSlower(List<Limit> limits) {
        LimitedCrm crm = new LimitedCrm(loop, 1, limits, Integer.MAX_VALUE);
        call(account(crm, limits), crm, limits.get(0).calls());
        loop.advance(3_000);
        disk.kill();
        loop.advance(70_000);
        int before = crm.left().size();
        call(account(crm, limits), crm, 5);
        assertThat(crm.left()).hasSize(before + 5);
    }

    @Test
    void aCrashLeavesThreeQuartersOfALongerWindowToVisitors() {
        List<Limit> limits = List.of(Limit.of(100, MINUTE));
        LimitedCrm crm = new LimitedCrm(loop, 1, limits, Integer.MAX_VALUE);
        call(account(crm, limits), crm, 1);
        loop.advance(500);
        disk.kill();
        Account restarted = account(crm, limits);
        assertThat(restarted.now().result().limits().get(0).remaining()).isEqualTo(74);
        call(restarted, crm, 1);
        assertThat(crm.left()).hasSize(2);
    }

    @Test
    void anOrderlyEndTakesBackWhatDidNotLeave() {
        List<Limit> limits = List.of(Limit.of(5, Duration.ofSeconds(1)), Limit.of(100, MINUTE));
        LimitedCrm crm = new LimitedCrm(loop, 1, limits, Integer.MAX_VALUE);
        Account account = account(crm, limits);
        call(account, crm, 2);
        loop.advance(500);
        account.close();
        call(account, crm, 1);
        loop.advance(100);
        assertThat(account(crm, limits).now().result().limits())
                .extracting(Standing.Left::remaining)
                .containsExactly(3, 98);
    }

    @Test
    void whatIsLeftIsPublishedBeforeTheFirstCallAndUntilAllIsThereAgain() {
        List<Limit> limits = List.of(Limit.of(100, MINUTE));
        LimitedCrm crm = new LimitedCrm(loop, 1, limits, Integer.MAX_VALUE);
        Account account = account(crm, limits);
        call(account, crm, 2);
        loop.advance(500);
        account.close();
        loop.advance(500);
        Account restarted = account(crm, limits);
        assertThat(restarted.standing().limits().get(0).remaining()).isEqualTo(98);
        loop.advance(75_000);
        assertThat(restarted.standing().limits().get(0).remaining()).isEqualTo(100);
    }

    @Test
    void anEndBeforeTheCountsAreReadReplacesNothing() {
        JsonObject kept = disk.kept;
        Account account = ManualUpstream.account(loop, new Sandbox(), List.of(), 10, new Counters() {
            @Override
            public Future<Optional<JsonObject>> recover(String account) {
                return Promise.<Optional<JsonObject>>promise().future();
            }

            @Override
            public Future<Void> keep(String account, JsonObject counts) {
                return disk.keep(account, counts);
            }
        });
        assertThat(account.close().succeeded()).isTrue();
        loop.advance(100);
        assertThat(disk.kept).isSameAs(kept);
    }

    /** More than the quarter, before the second is over after which it would be written down anyway. */
    @Test
    void aBurstIsWrittenDownWhileItLasts() {
        List<Limit> limits = List.of(Limit.of(100, MINUTE));
        LimitedCrm crm = new LimitedCrm(loop, 1, limits, Integer.MAX_VALUE);
        call(account(crm, limits), crm, 60);
        loop.advance(900);
        disk.kill();
        int left = crm.left().size();
        assertThat(left).isGreaterThan(40);
        assertThat(account(crm, limits).now().result().limits().get(0).remaining())
                .isBetween(100 - left - 35, 100 - left);
    }

    @Test
    void anAccountWithoutCallsWritesNothingAndABusyOneOnceASecond() {
        List<Limit> limits = List.of(Limit.of(50, Duration.ofSeconds(1)));
        LimitedCrm crm = new LimitedCrm(loop, 1, limits, Integer.MAX_VALUE);
        Account account = account(crm, limits);
        loop.advance(100_000);
        assertThat(disk.writes).isZero();
        for (int i = 0; i < 250; i++) {
            call(account, crm, 1);
            loop.advance(40);
        }
        loop.advance(100_000);
        assertThat(crm.accepted()).hasSize(250);
        assertThat(disk.writes).isBetween(10, 12);
    }

    /** A store of a crmux that kept long windows alone. */
    @Test
    void anOldStoreHoldsNothingUp() {
        disk.kept = new JsonObject("{\"ordinary\":{\"held\":0,\"windows\":[{\"window\":86400000,\"calls\":[%d,3]}]}}"
                .formatted(loop.millis()));
        List<Limit> limits = List.of(Limit.of(5, Duration.ofSeconds(1)), Limit.of(10, Duration.ofDays(1)));
        LimitedCrm crm = new LimitedCrm(loop, 1, limits, Integer.MAX_VALUE);
        Account account = account(crm, limits);
        assertThat(account.now().result().limits())
                .extracting(Standing.Left::remaining)
                .containsExactly(5, 7);
        call(account, crm, 5);
        assertThat(crm.left()).hasSize(5);
    }
}
