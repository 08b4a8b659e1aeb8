package io.crmux.gateway;

import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Page;
import io.crmux.store.ChangeState;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection whose writes are recorded and answered, not sent. */
class StagingTest {

    private final Bench bench = Bench.staging();

    @BeforeEach
    void aContact() {
        bench.crm.add("42", "jane@example.com", "customer");
    }

    @Test
    void aWriteIsStagedAtOnceAndLeavesNoOverlay() {
        String operation = bench.apply(id("42"), "vip").operation();
        assertThat(bench.state(operation)).isEqualTo(ChangeState.STAGED);
        assertThat(bench.tags(id("42"))).containsExactly("customer");
        bench.loop.advance(60_000);
        bench.restart();
        bench.loop.advance(60_000);
        assertThat(bench.state(operation)).isEqualTo(ChangeState.STAGED);
        assertThat(bench.crm.deliveries).isEmpty();
    }

    @Test
    void anAdditionAnswersAnIdThatIsNone() {
        AddedContact added = bench.done(bench.add("joe@example.com", 10_000, "vip"));
        assertThat(added.id()).startsWith("staging-");
        assertThat(added.created()).isTrue();
        bench.loop.advance(60_000);
        assertThat(bench.crm.people).hasSize(1);
    }

    @Test
    void aTagIsStagedAndNotCreated() {
        AddedTag tag = bench.done(bench.connection.addTag("new", Bench.NO_WAIT));
        assertThat(tag).isEqualTo(new AddedTag("staging-" + tag.operation(), "new", tag.operation()));
        bench.loop.advance(60_000);
        bench.restart();
        bench.loop.advance(60_000);
        Fate fate = bench.done(bench.connection.operation(String.valueOf(tag.operation())));
        assertThat(fate.state()).isEqualTo(ChangeState.STAGED);
        assertThat(fate.contact()).isNull();
        assertThat(bench.crm.tags).doesNotContain("new");
        assertThat(bench.crm.count("add_tag")).isZero();
    }

    @Test
    void aTagIsListedInItsPlace() {
        bench.apply(id("42"), "a");
        AddedTag tag = bench.done(bench.connection.addTag("new", Bench.NO_WAIT));
        bench.apply(id("42"), "new");
        List<Recorded> listed = bench.done(bench.connection.staged(null, 10)).items();
        assertThat(listed)
                .extracting(item -> item.changes().get(0).fieldNames())
                .containsExactly(Set.of("tags"), Set.of("add_tag"), Set.of("tags"));
        assertThat(listed.get(1).fate().operation()).isEqualTo(tag.operation());
        assertThat(listed.get(1).changes())
                .containsExactly(new JsonObject().put("add_tag", new JsonObject().put("name", "new")));
    }

    @Test
    void aTagThatIsAskedForAgainIsStagedOnceWhateverTheModeIsByThen() {
        WriteOptions write = new WriteOptions(0, Bench.TRACE, new RequestKey("site", "k", "POST /tags"));
        AddedTag first = bench.done(bench.connection.addTag("new", write));
        assertThat(bench.done(bench.connection.addTag("new", write))).isEqualTo(first);
        bench.restart();
        assertThat(bench.done(bench.connection.addTag("new", write))).isEqualTo(first);
        assertThat(bench.done(bench.connection.staged(null, 10)).items()).hasSize(1);
        bench.restartAs(ConnectionOptions.Mode.LIVE);
        assertThat(bench.done(bench.connection.addTag("new", write))).isEqualTo(first);
        assertThat(bench.crm.tags).doesNotContain("new");
    }

    @Test
    void aTagThatTheCrmCannotCreateIsRefusedAndNotStaged() {
        Crm crm = (Crm) Proxy.newProxyInstance(
                Crm.class.getClassLoader(),
                new Class<?>[] {Crm.class},
                (proxy, method, arguments) -> method.invoke(bench.crm, arguments));
        Connection other = bench.open("other", crm, ConnectionOptions.Mode.STAGING, List.of(), bench.loop);
        assertThatThrownBy(() -> bench.done(other.addTag("new", Bench.NO_WAIT)))
                .isInstanceOfSatisfying(
                        CrmException.class,
                        refused -> assertThat(refused.kind()).isEqualTo(CrmException.Kind.UNSUPPORTED));
        assertThat(bench.done(other.staged(null, 10)).items()).isEmpty();
    }

    @Test
    void aTagThatCannotBeStoredIsRefused() {
        bench.store.failing = true;
        assertThatThrownBy(() -> bench.done(bench.connection.addTag("new", Bench.NO_WAIT)))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.STORE_UNAVAILABLE));
    }

    @Test
    void whatWasAcceptedBeforeWaitsUntilTheModeIsLiveAgain() {
        Bench live = Bench.plain();
        live.crm.add("42", "jane@example.com");
        live.crm.failures = () -> CrmException.unavailable("down", 500);
        String operation = live.apply(id("42"), "vip").operation();
        live.loop.advance(1_000);
        live.crm.failures = () -> null;
        live.restartAs(ConnectionOptions.Mode.STAGING);
        live.loop.advance(600_000);
        assertThat(live.state(operation)).isEqualTo(ChangeState.QUEUED);
        live.restartAs(ConnectionOptions.Mode.LIVE);
        live.loop.advance(600_000);
        assertThat(live.state(operation)).isEqualTo(ChangeState.DELIVERED);
    }

    @Test
    void stagedWritesAreListedPageByPage() {
        bench.apply(id("42"), "a");
        bench.remove(id("42"), "b");
        bench.apply(id("42"), "c");
        Page<Recorded> first = bench.done(bench.connection.staged(null, 2));
        assertThat(first.items())
                .extracting(item -> item.changes().get(0).getJsonObject("tags"))
                .containsExactly(
                        new JsonObject().put("apply", new JsonArray().add("a")).put("remove", new JsonArray()),
                        new JsonObject().put("apply", new JsonArray()).put("remove", new JsonArray().add("b")));
        Page<Recorded> second = bench.done(bench.connection.staged(first.cursor(), 2));
        assertThat(second.items()).hasSize(1);
        assertThat(second.cursor()).isNull();
    }
}
