package io.crmux.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.Sandbox;
import io.crmux.crm.Answer;
import io.crmux.crm.Call;
import io.crmux.crm.CrmException;
import io.crmux.crm.Deadline;
import io.crmux.crm.Lane;
import io.crmux.crm.Limit;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Operation;
import io.crmux.crm.Request;
import io.crmux.crm.Standing;
import io.crmux.crm.Trace;
import io.crmux.crm.Transport;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The queue, the limits and the retries of one account, on a loop whose time the test moves. */
class AccountTest {

    private final ManualLoop loop = new ManualLoop();
    private final List<String> sent = new ArrayList<>();
    private Function<String, Answer> answers = path -> answer(200);
    private final Transport transport = (request, timeout) -> {
        sent.add(request.path());
        Promise<Answer> answer = Promise.promise();
        loop.after(100, () -> answer.complete(answers.apply(request.path())));
        return answer.future();
    };

    private final Way way = ManualUpstream.way(new Sandbox(), transport);

    private static Answer answer(int status, String... headers) {
        MultiMap all = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < headers.length; i += 2) {
            all.set(headers[i], headers[i + 1]);
        }
        return new Answer(status, all, Buffer.buffer("{}"));
    }

    private Account account(List<Limit> limits, int concurrent) {
        return ManualUpstream.account(loop, new Sandbox(), limits, concurrent, Counters.inMemory());
    }

    private Call call(Lane lane, long millis) {
        return new Call(lane, Deadline.in(loop, millis), Operation.GET_TAGS, new Trace("t"));
    }

    private static Request get(String path) {
        return Request.get("http://crm", path);
    }

    @Test
    void visitorsGoFirstAndNobodyWaitsForEver() {
        Account account = account(List.of(Limit.of(1, Duration.ofSeconds(1))), 1);
        for (int i = 0; i < 30; i++) {
            account.send(way, call(Lane.BULK, 1_000_000), get("/bulk"));
            account.send(way, call(Lane.WRITE, 1_000_000), get("/write"));
            account.send(way, call(Lane.VISITOR, 1_000_000), get("/visitor"));
        }
        loop.advance(33_000);
        assertThat(sent.stream().filter("/visitor"::equals).count()).isGreaterThanOrEqualTo(25);
        assertThat(sent).contains("/bulk");
        loop.advance(200_000);
        assertThat(sent).hasSize(90);
    }

    @Test
    void aRaisedCallOvertakes() {
        Account account = account(List.of(Limit.of(1, Duration.ofSeconds(1))), 1);
        account.send(way, call(Lane.VISITOR, 100_000), get("/first"));
        for (int i = 0; i < 5; i++) {
            account.send(way, call(Lane.WRITE, 100_000), get("/write"));
        }
        Call refresh = call(Lane.BULK, 100_000);
        account.send(way, refresh, get("/refresh"));
        refresh.raise(Lane.VISITOR);
        loop.advance(1_500);
        assertThat(sent).containsExactly("/first", "/refresh");
    }

    @Test
    void whoseTurnDoesNotComeIsToldAndLeavesTheQueue() {
        Account account = account(List.of(Limit.of(1, Duration.ofSeconds(10))), 1);
        account.send(way, call(Lane.VISITOR, 100_000), get("/first"));
        account.send(way, call(Lane.VISITOR, 100_000), get("/second"));
        Future<Answer> late = account.send(way, call(Lane.VISITOR, 15_000), get("/late"));
        loop.advance(16_000);
        assertThat(late.cause()).isInstanceOfSatisfying(CrmException.class, failure -> {
            assertThat(failure.kind()).isEqualTo(CrmException.Kind.TIMEOUT);
            assertThat(failure.sent()).isFalse();
        });
        loop.advance(60_000);
        assertThat(sent).containsExactly("/first", "/second");
        assertThat(account.waiting(Lane.VISITOR)).isZero();
    }

    @Test
    void whoseTurnCannotComeIsToldAtOnce() {
        Account account = account(List.of(Limit.of(1, Duration.ofSeconds(10))), 1);
        account.send(way, call(Lane.VISITOR, 100_000), get("/first"));
        Future<Answer> late = account.send(way, call(Lane.VISITOR, 5_000), get("/late"));
        assertThat(late.cause()).isInstanceOfSatisfying(CrmException.class, failure -> {
            assertThat(failure.kind()).isEqualTo(CrmException.Kind.RATE_LIMITED);
            assertThat(failure.sent()).isFalse();
            assertThat(failure.waitMillis()).isBetween(10_000L, 11_000L);
        });
    }

    @Test
    void whoWaitsIsToldWhenA429MakesItHopeless() {
        Account account = account(List.of(), 1);
        answers = path -> answer(429, "retry-after", "3600");
        account.send(way, call(Lane.VISITOR, 10_000), get("/limited"));
        Future<Answer> waiting = account.send(way, call(Lane.VISITOR, 10_000), get("/waiting"));
        loop.advance(100);
        assertThat(waiting.cause()).isInstanceOfSatisfying(CrmException.class, failure -> {
            assertThat(failure.kind()).isEqualTo(CrmException.Kind.RATE_LIMITED);
            assertThat(failure.waitMillis()).isBetween(3_600_000L, 3_600_100L);
        });
        loop.advance(1_000);
        assertThat(loop.timers()).isZero();
    }

    @Test
    void afterA429NothingLeavesBeforeTheTimeThatWasNamed() {
        Account account = account(List.of(), 4);
        answers = path -> path.equals("/limited") ? answer(429, "retry-after", "7") : answer(200);
        account.send(way, call(Lane.WRITE, 100_000), get("/limited"));
        loop.advance(200);
        answers = path -> answer(200);
        Future<Answer> other = account.send(way, call(Lane.VISITOR, 100_000), get("/other"));
        loop.advance(6_800);
        assertThat(sent).containsExactly("/limited");
        loop.advance(500);
        assertThat(other.succeeded()).isTrue();
    }

    @Test
    void aTransientFailureIsRepeatedAndSucceeds() {
        Account account = account(List.of(), 4);
        answers = path -> sent.size() < 3 ? answer(500) : answer(200);
        Future<Answer> answer = account.send(way, call(Lane.VISITOR, 100_000), get("/a"));
        loop.advance(10_000);
        assertThat(answer.succeeded()).isTrue();
        assertThat(sent).hasSize(3);
    }

    @Test
    void whatMustNotArriveTwiceIsSentOnce() {
        Account account = account(List.of(), 4);
        answers = path -> answer(500);
        Future<Answer> answer = account.send(way, call(Lane.WRITE, 100_000), Request.post("http://crm", "/create"));
        loop.advance(10_000);
        assertThat(answer.failed()).isTrue();
        assertThat(sent).hasSize(1);
    }

    @Test
    void noMoreThanSoManyAreUnderWay() {
        Account account = account(List.of(), 3);
        for (int i = 0; i < 10; i++) {
            account.send(way, call(Lane.VISITOR, 100_000), get("/a"));
        }
        loop.advance(50);
        assertThat(sent).hasSize(3);
        loop.advance(100);
        assertThat(sent).hasSize(6);
    }

    @Test
    void theQueueHasAnEnd() {
        Account account = account(List.of(), 1);
        Future<Answer> last = Future.succeededFuture();
        for (int i = 0; i < 100_002; i++) {
            last = account.send(way, call(Lane.BULK, 100_000), get("/a"));
        }
        assertThat(last.cause()).hasMessage("too many calls wait for their turn");
    }

    @Test
    void aCrmThatFailsIsLeftAloneAndTriedNowAndThen() {
        Account account = account(List.of(), 4);
        answers = path -> answer(500);
        for (int i = 0; i < 30; i++) {
            account.send(way, call(Lane.VISITOR, 10_000), get("/a"));
        }
        loop.advance(3_000);
        assertThat(sent).hasSizeBetween(20, 24);
        Future<Answer> refused = account.send(way, call(Lane.VISITOR, 10_000), get("/a"));
        assertThat(refused.cause()).isInstanceOfSatisfying(CrmException.class, failure -> {
            assertThat(failure.kind()).isEqualTo(CrmException.Kind.UNAVAILABLE);
            assertThat(failure.sent()).isFalse();
            assertThat(failure.waitMillis()).isBetween(1L, 5_001L);
        });
        int before = sent.size();
        for (int i = 0; i < 600; i++) {
            account.send(way, call(Lane.VISITOR, 10_000), get("/a"));
            loop.advance(100);
        }
        assertThat(sent.size() - before).isBetween(11, 13);
        answers = path -> answer(200);
        loop.advance(5_000);
        Future<Answer> probe = account.send(way, call(Lane.VISITOR, 10_000), get("/a"));
        loop.advance(200);
        assertThat(probe.succeeded()).isTrue();
        Future<Answer> next = account.send(way, call(Lane.VISITOR, 10_000), get("/a"));
        loop.advance(200);
        assertThat(next.succeeded()).isTrue();
    }

    @Test
    void whoWaitsWhenTheCrmIsGivenUpIsToldAtOnce() {
        Account account = account(List.of(), 4);
        answers = path -> answer(500);
        List<Future<Answer>> asked = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            asked.add(account.send(way, call(Lane.BULK, 1_000_000), get("/a")));
        }
        loop.advance(3_000);
        assertThat(asked).allMatch(Future::failed);
        assertThat(account.waiting(Lane.BULK)).isZero();
        assertThat(loop.timers()).isZero();
    }

    @Test
    void refusalsForTheirNumberAreNoOutage() {
        Account account = account(List.of(), 1);
        answers = path -> answer(429, "retry-after", "0");
        for (int i = 0; i < 40; i++) {
            account.send(way, call(Lane.WRITE, 1_000_000), get("/a"));
        }
        loop.advance(100_000);
        answers = path -> answer(200);
        Future<Answer> after = account.send(way, call(Lane.VISITOR, 10_000), get("/a"));
        loop.advance(5_000);
        assertThat(after.succeeded()).isTrue();
    }

    @Test
    void repeatingNeverMultipliesAnOutage() {
        Account account = account(List.of(), 1);
        answers = path -> sent.size() % 5 < 3 ? answer(200) : answer(500);
        for (int i = 0; i < 200; i++) {
            account.send(way, call(Lane.VISITOR, 10_000), get("/a"));
            loop.advance(1_000);
        }
        assertThat(sent.size() - 200).isLessThanOrEqualTo(200 / 5 + 10);
    }

    @Test
    void howItStandsIsPublishedUntilAllCallsAreThereAgain() {
        Account account = account(List.of(Limit.of(2, Duration.ofSeconds(10))), 3);
        assertThat(account.standing().limits())
                .extracting(Standing.Left::remaining)
                .containsExactly(2);
        for (int i = 0; i < 5; i++) {
            account.send(way, call(Lane.WRITE, 100_000), get("/a"));
        }
        loop.advance(99);
        assertThat(account.now().result().limits().get(0).opensMillis())
                .as("a window after it has left, which is not known before the first answer")
                .isEqualTo(10_250);
        loop.advance(1);
        Standing busy = account.standing();
        assertThat(busy.limits()).extracting(Standing.Left::remaining).containsExactly(1);
        assertThat(busy.concurrent()).isEqualTo(3);
        assertThat(busy.queue(Lane.WRITE)).isEqualTo(new Standing.Queue(4, 100));
        assertThat(account.now().result().limits().get(0).opensMillis()).isEqualTo(10_250);
        loop.advance(60_000);
        assertThat(account.standing().limits())
                .containsExactly(new Standing.Left(Limit.of(2, Duration.ofSeconds(10)), 2, 0));
        assertThat(loop.timers()).isZero();
    }

    @Test
    void whileTheCrmWantsToBeLeftAloneNothingIsLeft() {
        Account account = account(List.of(Limit.of(5, Duration.ofSeconds(1))), 1);
        answers = path -> answer(429, "retry-after", "60");
        account.send(way, call(Lane.WRITE, 10_000), get("/a"));
        loop.advance(300);
        Standing.Left left = account.now().result().limits().get(0);
        assertThat(left.remaining()).isZero();
        assertThat(left.opensMillis()).isBetween(59_000L, 60_000L);
    }
}
