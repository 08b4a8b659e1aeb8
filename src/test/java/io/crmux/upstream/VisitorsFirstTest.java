package io.crmux.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Call;
import io.crmux.crm.Deadline;
import io.crmux.crm.Lane;
import io.crmux.crm.Limit;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Operation;
import io.crmux.crm.Quantities;
import io.crmux.crm.Request;
import io.crmux.crm.Trace;
import io.crmux.crm.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What visitors wait beside much work for which nobody waits. */
class VisitorsFirstTest {

    private static final int JOB = 100_000;
    private static final long LONG = 1_000_000_000;

    private final ManualLoop loop = new ManualLoop();
    private final List<String> left = new ArrayList<>();
    private final List<Long> leftAt = new ArrayList<>();
    private @Nullable Way way;

    private Account account(List<Limit> limits, int concurrent) {
        LimitedCrm crm = new LimitedCrm(loop, 1, limits, concurrent);
        Transport noted = (request, timeout) -> {
            left.add(request.path());
            leftAt.add(loop.millis());
            return crm.exchange(request, timeout);
        };
        way = ManualUpstream.way(crm, noted);
        return ManualUpstream.account(loop, crm, limits, concurrent, Counters.inMemory());
    }

    private void send(Account account, Lane lane, String path) {
        send(account, lane, path, "key");
    }

    private void send(Account account, Lane lane, String path, String key) {
        Call call = new Call(lane, Deadline.in(loop, LONG), Operation.GET_TAGS, new Trace("t", key));
        account.send(Objects.requireNonNull(way), call, Request.get("http://crm", path));
    }

    @ParameterizedTest
    @CsvSource({"5/s, WRITE", "5/s, BULK", "100/10s, WRITE", "100/10s, BULK", "100/10s 20000/day, BULK", "1/s, BULK"})
    void aBulkJobNeverMakesAVisitorWaitMoreThanTwoSlots(String rates, Lane lane) {
        List<Limit> limits =
                Arrays.stream(rates.split(" ")).map(Quantities::rate).toList();
        Account account = account(limits, 20);
        for (int i = 0; i < JOB; i++) {
            send(account, lane, "/bulk");
        }
        long slot = limits.get(0).window().toMillis() * 41 / 40 / limits.get(0).calls();
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            loop.advance(5_000 + random.nextInt(60_000));
            int before = left.size();
            long asked = loop.millis();
            send(account, Lane.VISITOR, "/visitor");
            loop.advance(2 * slot + 10);
            int visitor = left.subList(before, left.size()).indexOf("/visitor");
            assertThat(visitor).as("a visitor at %s", asked).isNotNegative();
            assertThat(leftAt.get(before + visitor) - asked).isLessThanOrEqualTo(2 * slot + 2);
        }
        assertThat(left.stream().filter("/bulk"::equals).count())
                .isGreaterThan(limits.size() > 1 ? 10_000 : (loop.millis() - leftAt.get(0)) / slot * 95 / 100 - 300);
    }

    /** Bulk work that comes and goes leaves a place at least every two slots. */
    @Property(tries = 200)
    void whatIsSpreadLeavesAPlaceAtLeastEveryTwoSlots(
            @ForAll @IntRange(min = 1, max = 60) int calls,
            @ForAll @IntRange(min = 0, max = 10) int idlePercent,
            @ForAll long seed) {
        Random random = new Random(seed);
        SlidingLog log = new SlidingLog(Limit.of(calls, Duration.ofSeconds(1)));
        long slot = 1_025_000_000L / calls;
        long now = 0;
        for (int i = 0; i < calls * 20; i++) {
            now += random.nextInt(100) < idlePercent ? random.nextLong(1_500_000_000L) : 0;
            for (long wait = log.evenWaitNanos(1, 1, now); wait > 0; wait = log.evenWaitNanos(1, 1, now)) {
                now += wait;
            }
            log.note(1, now);
            assertThat(log.waitNanos(1, 1, now)).isLessThanOrEqualTo(2 * slot + 1_025_000_000L / 512);
        }
    }

    @Test
    void ofThreeFullLanesNoneStarves() {
        Account account = account(List.of(Limit.of(10, Duration.ofSeconds(1))), 10);
        for (int i = 0; i < 1_000; i++) {
            send(account, Lane.BULK, "/bulk");
            send(account, Lane.WRITE, "/write");
            send(account, Lane.VISITOR, "/visitor");
        }
        loop.advance(60_000);
        assertThat(left.stream().filter("/visitor"::equals).count()).isGreaterThan(left.size() * 3L / 4);
        assertThat(left.stream().filter("/write"::equals).count()).isGreaterThan(left.size() / 12);
        assertThat(left.stream().filter("/bulk"::equals).count()).isGreaterThan(left.size() / 12);
        assertThat(left).hasSizeGreaterThan(60 * 9);
    }

    @Test
    void aVisitorWhoComesAloneLetsNobodyPass() {
        Account account = account(List.of(Limit.of(1, Duration.ofSeconds(1))), 1);
        for (int i = 0; i < 100; i++) {
            send(account, Lane.WRITE, "/write");
            send(account, Lane.BULK, "/bulk");
        }
        for (int i = 0; i < 30; i++) {
            int before = left.size();
            send(account, Lane.VISITOR, "/visitor");
            loop.advance(3_100);
            assertThat(left.get(before)).isEqualTo("/visitor");
        }
    }

    @Test
    void aKeyThatAsksMuchDoesNotHoldUpOneThatAsksLittle() {
        Account account = account(List.of(Limit.of(1, Duration.ofSeconds(1))), 1);
        for (int i = 0; i < 50; i++) {
            send(account, Lane.VISITOR, "/much", "much");
        }
        for (int i = 0; i < 5; i++) {
            send(account, Lane.VISITOR, "/little", "little");
            send(account, Lane.VISITOR, "/other", "other");
        }
        loop.advance(18_000);
        assertThat(left.stream().filter("/little"::equals).count()).isEqualTo(5);
        assertThat(left.stream().filter("/other"::equals).count()).isEqualTo(5);
        loop.advance(100_000);
        assertThat(left).hasSize(60);
    }
}
