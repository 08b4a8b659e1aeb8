package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.crm.CrmException;
import io.crmux.crm.Page;
import io.crmux.store.ChangeState;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the CRM has refused for good: kept, shown, replayed, given up. */
class DeadLettersTest {

    private final Bench bench = Bench.plain();

    @BeforeEach
    void aContact() {
        bench.crm.add("42", "jane@example.com", "customer");
        bench.crm.add("43", "joe@example.com");
    }

    private void refusing(Runnable writes) {
        bench.crm.failures = () -> lastCall().startsWith("get_contact_id")
                ? null
                : CrmException.of(CrmException.Kind.INVALID, "the CRM says no", 422);
        writes.run();
        bench.loop.advance(5_000);
        bench.crm.failures = () -> null;
    }

    private String lastCall() {
        return bench.crm.calls.get(bench.crm.calls.size() - 1);
    }

    private String dead(ContactRef contact, String... tags) {
        String[] operation = new String[1];
        refusing(() -> operation[0] = bench.apply(contact, tags).operation());
        assertThat(bench.state(operation[0])).isEqualTo(ChangeState.DEAD);
        return operation[0];
    }

    @Test
    void aLetterTellsWhatItSaysAndWhyItIsDead() {
        String operation = dead(id("42"), "vip");
        Recorded letter = bench.done(bench.connection.deadLetter(operation));
        assertThat(letter.fate().problem())
                .isEqualTo(new JsonObject()
                        .put("type", "invalid")
                        .put("detail", "the CRM says no")
                        .put("crm", new JsonObject().put("status", 422).put("message", "the CRM says no")));
        assertThat(letter.changes()).containsExactly(new JsonObject("{\"tags\":{\"apply\":[\"vip\"],\"remove\":[]}}"));
    }

    @Test
    void lettersAreListedPageByPageAndByContact() {
        List<String> all = IntStream.range(0, 5)
                .mapToObj(i -> dead(i % 2 == 0 ? id("42") : id("43"), "t" + i))
                .toList();
        Page<Recorded> first = bench.done(bench.connection.deadLetters(null, null, 3));
        Page<Recorded> rest = bench.done(bench.connection.deadLetters(null, first.cursor(), 3));
        assertThat(first.items())
                .extracting(letter -> letter.fate().operation())
                .isEqualTo(all.subList(0, 3));
        assertThat(rest.items()).extracting(letter -> letter.fate().operation()).isEqualTo(all.subList(3, 5));
        assertThat(rest.cursor()).isNull();
        assertThat(bench.done(bench.connection.deadLetters(id("43"), null, 10)).items())
                .extracting(letter -> letter.fate().operation())
                .containsExactly(all.get(1), all.get(3));
    }

    @Test
    void anAdditionWithTagsIsOneLetterAndNeverCutByAPage() {
        refusing(() -> {
            bench.apply(id("42"), "vip");
            bench.done(bench.add("new@example.com", 0, "vip"));
        });
        bench.loop.advance(200_000);
        Page<Recorded> first = bench.done(bench.connection.deadLetters(null, null, 2));
        Page<Recorded> rest = bench.done(bench.connection.deadLetters(null, first.cursor(), 2));
        assertThat(first.items()).hasSize(1);
        assertThat(rest.items())
                .singleElement()
                .satisfies(letter -> assertThat(letter.changes()).hasSize(2));
    }

    @Test
    void aReplayIsANewWriteAndTheLetterIsGone() {
        String operation = dead(id("42"), "vip");
        Replayed replayed = bench.done(bench.connection.replay(operation));
        assertThat(replayed.skipped()).isEmpty();
        assertThat(bench.tags(id("42"))).containsExactly("customer", "vip");
        bench.loop.advance(5_000);
        assertThat(bench.state(String.valueOf(replayed.operation()))).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DISCARDED);
        assertThat(bench.crm.person("42").tags).contains("vip");
        assertThatThrownBy(() -> bench.done(bench.connection.replay(operation))).isInstanceOf(Refusal.class);
    }

    @Test
    void aReplayLeavesOutTheTagsOnWhichALaterWriteWasAccepted() {
        String operation = dead(email("jane@example.com"), "vip", "gold");
        bench.remove(id("42"), "vip");
        bench.loop.advance(5_000);
        Replayed replayed = bench.done(bench.connection.replay(operation));
        assertThat(replayed.skipped()).containsExactly("vip");
        bench.loop.advance(5_000);
        assertThat(bench.crm.person("42").tags).containsExactly("customer", "gold");
    }

    @Test
    void whatAnOperatorGaveUpDoesNotStandInTheWay() {
        String operation = dead(id("42"), "vip");
        String[] later = new String[1];
        refusing(() -> later[0] = bench.remove(id("42"), "vip").operation());
        bench.done(bench.connection.discard(later[0]));
        assertThat(bench.done(bench.connection.replay(operation)).skipped()).isEmpty();
    }

    @Test
    void aReplayOfWhatIsWhollySupersededWritesNothing() {
        String operation = dead(id("42"), "vip");
        bench.remove(id("42"), "vip");
        Replayed replayed = bench.done(bench.connection.replay(operation));
        assertThat(replayed).isEqualTo(new Replayed(null, List.of("vip")));
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DISCARDED);
    }

    @Test
    void aWriteThatIsAcceptedWhileItIsReplayedHasTheLastWord() {
        String operation = dead(id("42"), "vip");
        Future<Replayed> replay = bench.connection.replay(operation);
        bench.loop.advance(1);
        Future<Written> removal = bench.connection.changeTags(id("42"), List.of(), List.of("vip"), NO_WAIT);
        Replayed replayed = bench.done(replay);
        bench.done(removal);
        bench.loop.advance(5_000);
        assertThat(bench.crm.person("42").tags).doesNotContain("vip");
        assertThat(replayed.operation() == null || replayed.skipped().isEmpty()).isTrue();
    }

    @Test
    void allThatMatchAreReplayed() {
        dead(id("42"), "a");
        dead(id("43"), "b");
        dead(id("42"), "c");
        bench.remove(id("42"), "c");
        ReplayCount none = bench.done(bench.connection.replay(new DeadFilter(null, "expired")));
        assertThat(none).isEqualTo(new ReplayCount(0, 0));
        ReplayCount ofOne = bench.done(bench.connection.replay(new DeadFilter(id("43"), null)));
        assertThat(ofOne).isEqualTo(new ReplayCount(1, 0));
        ReplayCount rest = bench.done(bench.connection.replay(new DeadFilter(null, "invalid")));
        assertThat(rest).isEqualTo(new ReplayCount(1, 1));
        bench.loop.advance(5_000);
        assertThat(bench.crm.person("42").tags).containsExactly("customer", "a");
        assertThat(bench.crm.person("43").tags).containsExactly("b");
    }

    @Test
    void aDiscardedLetterIsGone() {
        String operation = dead(id("42"), "vip");
        bench.done(bench.connection.discard(operation));
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DISCARDED);
        assertThat(bench.done(bench.connection.deadLetters(null, null, 10)).items())
                .isEmpty();
        assertThatThrownBy(() -> bench.done(bench.connection.discard(operation)))
                .isInstanceOf(Refusal.class);
    }
}
