package io.crmux.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.Sandbox;
import io.crmux.crm.Answer;
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
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an account still knows after a restart. */
class CountersTest {

    private static final List<Limit> LIMITS =
            List.of(Limit.of(5, Duration.ofSeconds(1)), Limit.of(10, Duration.ofDays(1)));
    private static final long DAY = 86_400_000;

    private final ManualLoop loop = new ManualLoop();
    private final Counters counters = Counters.inMemory();
    private int sent;
    private int status = 200;
    private final Way way = ManualUpstream.way(new Sandbox(), (request, timeout) -> {
        sent++;
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().set("retry-after", "3600");
        return Future.succeededFuture(new Answer(status, headers, Buffer.buffer("{}")));
    });

    private Account account(Counters with) {
        return ManualUpstream.account(loop, new Sandbox(), LIMITS, 4, with);
    }

    private void call(Account account, int times) {
        for (int i = 0; i < times; i++) {
            Call call = new Call(Lane.VISITOR, Deadline.in(loop, 3 * DAY), Operation.GET_TAGS, new Trace("t"));
            account.send(way, call, Request.get("http://crm", "/a"));
        }
    }

    @Test
    void aDaysCallsAreStillCounted() {
        call(account(counters), 6);
        loop.advance(3_600_000);
        Account restarted = account(counters);
        call(restarted, 6);
        loop.advance(60_000);
        assertThat(sent).isEqualTo(10);
        loop.advance(DAY - 3_600_000);
        assertThat(sent).isEqualTo(12);
    }

    @Test
    void noCallLeavesBeforeTheTimeThatWasNamedBefore() {
        status = 429;
        call(account(counters), 1);
        status = 200;
        Account restarted = account(counters);
        call(restarted, 1);
        loop.advance(3_590_000);
        assertThat(sent).isEqualTo(1);
        loop.advance(20_000);
        assertThat(sent).isGreaterThan(1);
    }

    /** What a second connection on the account does, which is opened when the counts of the first are known already. */
    private Account account(Limit more) {
        Account account = account(counters);
        account.alsoKeep(List.of(more), 4);
        return account;
    }

    @Test
    void aLimitThatComesAfterTheCountsWereReadCountsThem() {
        Limit hourly = Limit.of(8, Duration.ofHours(1));
        Account account = account(hourly);
        call(account, 5);
        account.close();
        Account restarted = account(hourly);
        assertThat(remaining(restarted)).containsExactly(0, 5, 3);
        call(restarted, 4);
        loop.advance(60_000);
        assertThat(sent).isEqualTo(8);
    }

    @Test
    void limitsWithTheSameWindowCountEachCallOnce() {
        Limit another = Limit.of(9, Duration.ofDays(1));
        Account account = account(counters);
        call(account, 2);
        account.alsoKeep(List.of(another), 4);
        call(account, 1);
        account.close();
        assertThat(remaining(account(another))).containsExactly(2, 7, 6);
    }

    private static List<Integer> remaining(Account account) {
        return account.now().result().limits().stream()
                .map(Standing.Left::remaining)
                .toList();
    }

    /** Counters on a disk that is full for a while. */
    private final class Full implements Counters {
        private boolean full = true;
        private int tries;

        @Override
        public Future<Optional<JsonObject>> recover(String account) {
            return counters.recover(account);
        }

        @Override
        public Future<Void> keep(String account, JsonObject counts) {
            tries++;
            return full ? Future.failedFuture("the disk is full") : counters.keep(account, counts);
        }
    }

    @Test
    void aNamedTimeThatCouldNotBeKeptIsKeptAsSoonAsItCanBe() {
        Full disk = new Full();
        status = 429;
        call(account(disk), 1);
        loop.advance(60_000);
        int whileItIsFull = disk.tries;
        disk.full = false;
        loop.advance(60_000);
        assertThat(disk.tries).as("and then no more").isEqualTo(whileItIsFull + 1);
        status = 200;
        Account restarted = account(counters);
        call(restarted, 1);
        loop.advance(3_470_000);
        assertThat(sent).isEqualTo(1);
        loop.advance(20_000);
        assertThat(sent).isGreaterThan(1);
    }

    @Test
    void nothingIsTriedAfterTheEnd() {
        Full disk = new Full();
        Account account = account(disk);
        account.close();
        int atItsEnd = disk.tries;
        assertThat(atItsEnd).isPositive();
        loop.advance(60_000);
        assertThat(disk.tries).isEqualTo(atItsEnd);
    }

    @Test
    void anOrderlyEndKeepsWhatIsNotKeptYet() {
        Account account = account(counters);
        call(account, 4);
        account.close();
        Account restarted = account(counters);
        assertThat(restarted.now().result().limits())
                .extracting(Standing.Left::remaining)
                .contains(6);
    }

    @Test
    void nothingLeavesBeforeItIsKnownWhatDidBefore() {
        Promise<Optional<JsonObject>> reading = Promise.promise();
        call(
                account(new Counters() {
                    @Override
                    public Future<Optional<JsonObject>> recover(String account) {
                        return reading.future();
                    }

                    @Override
                    public Future<Void> keep(String account, JsonObject counts) {
                        return Future.failedFuture("the disk is full");
                    }
                }),
                3);
        loop.advance(1_000);
        assertThat(sent).isZero();
        reading.complete(Optional.empty());
        loop.advance(1_000);
        assertThat(sent).isEqualTo(3);
    }

    @Test
    void anAccountWhoseCountsCannotBeReadWorksNevertheless() {
        for (Future<Optional<JsonObject>> unreadable : List.<Future<Optional<JsonObject>>>of(
                Future.failedFuture("the disk is broken"),
                Future.succeededFuture(Optional.of(new JsonObject().put("ordinary", "nonsense"))))) {
            int before = sent;
            call(
                    account(new Counters() {
                        @Override
                        public Future<Optional<JsonObject>> recover(String account) {
                            return unreadable;
                        }

                        @Override
                        public Future<Void> keep(String account, JsonObject counts) {
                            return Future.succeededFuture();
                        }
                    }),
                    1);
            loop.advance(1_000);
            assertThat(sent - before).isEqualTo(1);
        }
    }
}
