package io.crmux.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Call;
import io.crmux.crm.Deadline;
import io.crmux.crm.Lane;
import io.crmux.crm.Limit;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Operation;
import io.crmux.crm.Request;
import io.crmux.crm.Trace;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is allowed is used, and not a call more: 64 clients, each with one call under way, against CRMs that count at their own end. Everything lives on
 * one loop, so that there are no interleavings of threads to explore.
 */
class FullSpeedTest {

    private static final int CLIENTS = 64;
    private static final long HOUR = 3_600_000;

    private final ManualLoop loop = new ManualLoop();
    private final long start = loop.millis();

    private Account account(LimitedCrm crm, List<Limit> published, int concurrent) {
        return ManualUpstream.account(loop, crm, published, concurrent, Counters.inMemory());
    }

    private void clients(LimitedCrm crm, Account account) {
        Way way = ManualUpstream.way(crm, crm);
        for (int i = 0; i < CLIENTS; i++) {
            client(way, account);
        }
    }

    /** Asks again as soon as it is answered, or a second after a failure. */
    private void client(Way way, Account account) {
        Call call = new Call(Lane.VISITOR, Deadline.in(loop, 30_000), Operation.GET_TAGS, new Trace("t"));
        account.send(way, call, Request.get("http://crm", "/a")).onComplete(result -> {
            if (result.succeeded()) {
                client(way, account);
            } else {
                loop.after(1_000, () -> client(way, account));
            }
        });
    }

    private double perSecond(LimitedCrm crm, long fromMillis, long toMillis) {
        long calls = crm.accepted().stream()
                .filter(time -> time >= start + fromMillis && time < start + toMillis)
                .count();
        return calls * 1000.0 / (toMillis - fromMillis);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void fiveASecond(long seed) {
        List<Limit> limits = List.of(Limit.of(5, Duration.ofSeconds(1)));
        LimitedCrm crm = new LimitedCrm(loop, seed, limits, Integer.MAX_VALUE).telling();
        clients(crm, account(crm, limits, 4));
        loop.advance(300_000);
        assertThat(crm.refusals()).isEmpty();
        assertThat(perSecond(crm, 10_000, 300_000)).isGreaterThan(0.95 * 5);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whereConnectionsMustBeOpenedFirst(long seed) {
        List<Limit> limits = List.of(Limit.of(5, Duration.ofSeconds(1)));
        LimitedCrm crm = new LimitedCrm(loop, seed, limits, Integer.MAX_VALUE).openingConnections(900);
        clients(crm, account(crm, limits, 5));
        loop.advance(300_000);
        assertThat(crm.refusals()).isEmpty();
        assertThat(perSecond(crm, 10_000, 300_000)).isGreaterThan(0.8 * 5);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whereTheFirstCallsTakeLongToArrive(long seed) {
        List<Limit> limits = List.of(Limit.of(5, Duration.ofSeconds(1)));
        LimitedCrm crm = new LimitedCrm(loop, seed, limits, Integer.MAX_VALUE).coldlyBegun(800);
        clients(crm, account(crm, limits, 5));
        loop.advance(60_000);
        assertThat(crm.refusals()).isEmpty();
        assertThat(perSecond(crm, 20_000, 60_000)).isGreaterThan(0.95 * 5);
    }

    @Test
    void aHundredInTenSecondsAndSoManyADay() {
        List<Limit> limits = List.of(Limit.of(100, Duration.ofSeconds(10)), Limit.of(250_000, Duration.ofDays(1)));
        LimitedCrm crm = new LimitedCrm(loop, 1, limits, Integer.MAX_VALUE).telling();
        clients(crm, account(crm, limits, 20));
        loop.advance(6 * HOUR);
        assertThat(perSecond(crm, 60_000, 6 * HOUR)).isGreaterThan(0.95 * 10);
        loop.advance(42 * HOUR);
        assertThat(crm.refusals()).isEmpty();
        assertThat(perSecond(crm, 0, 24 * HOUR) * 86_400).isGreaterThan(0.95 * 250_000);
        assertThat(perSecond(crm, 24 * HOUR, 48 * HOUR) * 86_400).isGreaterThan(0.95 * 250_000);
    }

    @Test
    void tenAtOnce() {
        LimitedCrm crm = new LimitedCrm(loop, 1, List.of(), 10).working(2_000);
        clients(crm, account(crm, List.of(), 10));
        loop.advance(300_000);
        assertThat(crm.refusals()).isEmpty();
        assertThat(crm.mostOpen()).isEqualTo(10);
        assertThat(crm.openMillis() / 300_000).isGreaterThan(0.95 * 10);
    }

    @ParameterizedTest
    @CsvSource({"5, 1", "10, 1", "20, 1", "50, 1", "100, 10", "60, 60"})
    void whereNothingButRefusalsTellsTheLimit(int calls, int seconds) {
        LimitedCrm crm =
                new LimitedCrm(loop, 1, List.of(Limit.of(calls, Duration.ofSeconds(seconds))), Integer.MAX_VALUE);
        clients(crm, account(crm, List.of(), 10));
        long found = 10 * 60_000;
        long end = 60 * 60_000;
        loop.advance(end);
        long refused =
                crm.refusals().stream().filter(time -> time >= start + found).count();
        double used = perSecond(crm, found, end) * seconds / calls;
        double refusedPart = refused / (perSecond(crm, found, end) * (end - found) / 1000 + refused);
        assertThat(used).isGreaterThan(0.8);
        assertThat(refusedPart).isLessThan(0.02);
        assertThat(crm.refusals())
                .allSatisfy(back -> assertThat(crm.left()).noneMatch(left -> left > back && left < back + 1_000));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 40})
    void beforeTheTimeThatARefusalNamesNothingLeaves(int seconds) {
        LimitedCrm crm = new LimitedCrm(loop, 1, List.of(Limit.of(20, Duration.ofSeconds(1))), Integer.MAX_VALUE)
                .retryAfter(seconds);
        clients(crm, account(crm, List.of(), 10));
        loop.advance(600_000);
        assertThat(crm.refusals()).isNotEmpty();
        assertThat(crm.refusals())
                .allSatisfy(back ->
                        assertThat(crm.left()).noneMatch(left -> left > back && left < back + seconds * 1000L));
    }

    @Test
    void whatOthersUseOfTheAccountIsNotUsedAgain() {
        List<Limit> limits = List.of(Limit.of(100, Duration.ofSeconds(10)));
        LimitedCrm crm = new LimitedCrm(loop, 1, limits, Integer.MAX_VALUE).telling();
        crm.othersCall(60);
        clients(crm, account(crm, limits, 4));
        loop.advance(9_000);
        assertThat(crm.refusals()).isEmpty();
        assertThat(crm.accepted()).hasSize(40);
    }
}
