package io.crmux.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Call;
import io.crmux.crm.CrmException;
import io.crmux.crm.Deadline;
import io.crmux.crm.Lane;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Operation;
import io.crmux.crm.Trace;
import io.crmux.crm.Traits;
import io.crmux.telemetry.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LookUpsTest {

    private static final int MOST = 8;

    private final ManualLoop loop = new ManualLoop();
    private final BulkModelCrm crm = new BulkModelCrm(
            loop, Bench.traits(Duration.ZERO, Traits.Creation.BY_APPLYING, Traits.Add.REFUSES), MOST, 1);
    private final Metrics metrics = new Metrics(new SimpleMeterRegistry());
    private final LookUps lookUps = new LookUps(loop, crm, 1, metrics, "main");
    private final List<Call> calls = new ArrayList<>();

    LookUpsTest() {
        for (int i = 0; i < 30; i++) {
            crm.add("c" + i, address(i));
        }
    }

    private static String address(int i) {
        return "user" + i + "@example.com";
    }

    private Future<LookUps.Found> find(String address, Lane lane, long millis) {
        return find(address, lane, millis, "key");
    }

    private Future<LookUps.Found> find(String address, Lane lane, long millis, String key) {
        Call call = new Call(lane, Deadline.in(loop, millis), Operation.GET_CONTACT_ID, new Trace("test", key));
        calls.add(call);
        return lookUps.find(Address.parse(address).orElseThrow(), call);
    }

    private Future<LookUps.Found> find(int i, Lane lane) {
        return find(address(i), lane, 30_000);
    }

    private List<Future<LookUps.Found>> findAll(int from, int to, Lane lane) {
        List<Future<LookUps.Found>> found = new ArrayList<>();
        for (int i = from; i < to; i++) {
            found.add(find(i, lane));
        }
        return found;
    }

    @Test
    void aLoneOneGoesOutAtOnceByThePlainCall() {
        Future<LookUps.Found> found = find(1, Lane.VISITOR);
        loop.runAll();
        assertThat(crm.lookUps).containsExactly(calls.get(0));
        loop.advance(20);
        assertThat(found.result()).isEqualTo(new LookUps.Found("c1", loop.millis() - 20));
        assertThat(crm.calls).containsExactly("get_contact_id user1@example.com");
    }

    @Test
    void thoseOfOneTurnGoTogetherAndWhatIsNotAnsweredIsNobodys() {
        List<Future<LookUps.Found>> found = findAll(28, 32, Lane.VISITOR);
        loop.advance(20);
        assertThat(found).extracting(each -> each.result().id()).containsExactly("c28", "c29", null, null);
        assertThat(crm.calls).containsExactly("get_contact_ids 4");
        assertThat(metrics.saved("main").batching()).isEqualTo(3);
    }

    @Test
    void whileAsManyCallsAsMayBeAreUnderWayOthersCollectAndBeginWhenTheirCallDoes() {
        long asked = loop.millis();
        find(0, Lane.VISITOR);
        loop.advance(1);
        List<Future<LookUps.Found>> found = findAll(1, 20, Lane.VISITOR);
        loop.advance(100);
        assertThat(crm.lookedUp).extracting(List::size).containsExactly(MOST, MOST, 3);
        assertThat(crm.calls).hasSize(4);
        assertThat(crm.mostUnderWay).isEqualTo(1);
        assertThat(found).extracting(each -> each.result().began() - asked).contains(10L, 20L, 30L);
    }

    @Test
    void nobodyWaitsBehindALessUrgentCall() {
        find(0, Lane.BULK);
        loop.advance(1);
        find(1, Lane.BULK);
        find(2, Lane.WRITE);
        loop.runAll();
        assertThat(crm.lookUps).extracting(Call::lane).containsExactly(Lane.BULK, Lane.WRITE);
        find(3, Lane.BULK);
        find(4, Lane.VISITOR);
        loop.runAll();
        assertThat(crm.lookUps).extracting(Call::lane).containsExactly(Lane.BULK, Lane.WRITE, Lane.VISITOR);
        find(5, Lane.VISITOR);
        find(6, Lane.WRITE);
        loop.runAll();
        assertThat(crm.lookUps).hasSize(3);
    }

    @Test
    void theMostUrgentGoFirstAndNoLaneStarves() {
        find(0, Lane.VISITOR);
        loop.advance(1);
        findAll(1, 11, Lane.BULK);
        findAll(11, 21, Lane.VISITOR);
        loop.advance(25);
        assertThat(crm.lookedUp)
                .containsExactly(addresses(11, 1, 12, 13, 14, 15, 16, 17), addresses(18, 2, 19, 20, 3, 4, 5, 6));
    }

    private static List<String> addresses(Integer... which) {
        return Stream.of(which).map(LookUpsTest::address).toList();
    }

    private void findAllBy(String key, int from, int to) {
        for (int i = from; i < to; i++) {
            find(address(i), Lane.VISITOR, 30_000, key);
        }
    }

    @Test
    void thoseThatWaitGoInTurnBetweenKeys() {
        findAllBy("much", 0, 1);
        findAllBy("little", 20, 21);
        loop.advance(1);
        findAllBy("little", 21, 22);
        loop.advance(1);
        findAllBy("much", 1, 10);
        findAllBy("little", 22, 25);
        loop.advance(20);
        assertThat(crm.lookedUp.get(1)).isEqualTo(addresses(1, 22, 2, 23, 3, 24, 4, 5));
    }

    /** Upstream, calls wait in their keys' turns: one of a key that has a crowd there may wait long. */
    @Test
    void aKeyWithNoCallUnderWayWaitsForNoOthersCalls() {
        findAllBy("much", 0, 2);
        loop.advance(1);
        findAllBy("much", 2, 20);
        loop.runAll();
        assertThat(crm.lookedUp).hasSize(1);
        find(address(20), Lane.VISITOR, 30_000, "little");
        loop.runAll();
        assertThat(crm.lookedUp.get(1)).isEqualTo(addresses(20, 2, 3, 4, 5, 6, 7, 8));
        assertThat(crm.lookUps).extracting(call -> call.trace().key()).containsExactly("much", "little");
    }

    /** However many keys there are, what waits is collected. */
    @Test
    void atMostAsManyCallsAgainAreUnderWayForKeysThatHaveNone() {
        for (int i = 0; i < 8; i++) {
            find(address(i), Lane.VISITOR, 30_000, "key" + i);
            loop.advance(1);
        }
        assertThat(crm.mostUnderWay).isEqualTo(2);
        assertThat(crm.lookUps).hasSize(2);
    }

    @Test
    void aVisitorWhoJoinsOneThatWaitsSendsItOut() {
        findAll(0, 2, Lane.BULK);
        loop.advance(1);
        find(2, Lane.BULK);
        loop.advance(1);
        assertThat(crm.lookUps).hasSize(1);
        calls.get(2).raise(Lane.VISITOR);
        loop.runAll();
        assertThat(crm.lookUps).hasSize(2);
        calls.get(0).raise(Lane.WRITE);
        assertThat(crm.lookUps).extracting(Call::lane).containsExactly(Lane.WRITE, Lane.VISITOR);
    }

    @Test
    void aCallIsAsUrgentAsTheMostUrgentAndOfUseAsLongAsAny() {
        find(address(0), Lane.BULK, 30_000);
        find(address(1), Lane.VISITOR, 10_000);
        loop.runAll();
        assertThat(crm.lookUps.get(0).lane()).isEqualTo(Lane.VISITOR);
        assertThat(crm.lookUps.get(0).deadline().leftMillis(loop)).isEqualTo(30_000);
    }

    @Test
    void oneThatIsRefusedFailsNoOther() {
        List<Future<LookUps.Found>> found = findAll(0, 7, Lane.VISITOR);
        Future<LookUps.Found> refused = find("jane@refused", Lane.VISITOR, 30_000);
        loop.advance(200);
        for (int i = 0; i < 7; i++) {
            assertThat(found.get(i).result().id()).isEqualTo("c" + i);
        }
        assertThat(CrmException.of(refused.cause()).kind()).isEqualTo(CrmException.Kind.INVALID);
        assertThat(crm.calls).hasSize(7);
        assertThat(crm.mostUnderWay).isEqualTo(1);
    }

    @Test
    void whatAConnectorStumblesOverFailsNoOther() {
        crm.connectorsOwn = () -> {
            if (crm.lookedUp.size() == 1) {
                throw new IllegalStateException("scripted");
            }
        };
        List<Future<LookUps.Found>> found = findAll(0, 4, Lane.VISITOR);
        loop.advance(200);
        assertThat(found).allSatisfy(each -> assertThat(each.succeeded()).isTrue());
    }

    @Test
    void whileTheCrmIsDownAllOfACallFailTogether() {
        crm.failures = () -> CrmException.unavailable("down", 503);
        List<Future<LookUps.Found>> found = findAll(0, 4, Lane.VISITOR);
        loop.advance(200);
        assertThat(found)
                .allSatisfy(each ->
                        assertThat(CrmException.of(each.cause()).kind()).isEqualTo(CrmException.Kind.UNAVAILABLE));
        assertThat(crm.calls).hasSize(1);
    }
}
