package io.crmux.gateway;

import static io.crmux.gateway.Bench.NO_WAIT;
import static io.crmux.gateway.Bench.email;
import static io.crmux.gateway.Bench.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.CrmException;
import io.crmux.crm.Value;
import io.crmux.store.ChangeState;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same writes to a second connection. */
class MirrorsTest {

    private final Bench bench = Bench.mirrored();
    private final ModelCrm second = Objects.requireNonNull(bench.mirrorCrm);

    @BeforeEach
    void aContactInBoth() {
        bench.crm.add("42", "jane@example.com", "customer");
        second.add("m7", "jane@example.com");
    }

    private Connection mirror() {
        return Objects.requireNonNull(bench.mirror);
    }

    @Test
    void aWriteByAddressGoesToBothEachWithItsOwnFate() {
        second.failures = () -> CrmException.unavailable("down", 500);
        String operation = bench.apply(email("jane@example.com"), "vip").operation();
        bench.loop.advance(2_000);
        assertThat(bench.state(operation)).isEqualTo(ChangeState.DELIVERED);
        assertThat(bench.done(mirror().operation(operation)).state()).isEqualTo(ChangeState.QUEUED);
        second.failures = () -> null;
        bench.loop.advance(60_000);
        assertThat(bench.done(mirror().operation(operation)).state()).isEqualTo(ChangeState.DELIVERED);
        assertThat(second.person("m7").tags).containsExactly("vip");
    }

    @Test
    void theContactOfAWriteByIdIsFoundByTheAddressThatTheMainConnectionKnows() {
        bench.apply(id("42"), "a");
        bench.apply(id("42"), "b");
        bench.loop.advance(5_000);
        assertThat(second.person("m7").tags).containsExactlyInAnyOrder("a", "b");
        assertThat(bench.crm.count("load_contact")).isEqualTo(1);
    }

    @Test
    void theFateOfAWriteByIdHasNoContactInTheMirrorWhileItsAddressIsNotKnown() {
        bench.crm.failures = () -> CrmException.unavailable("down", 500);
        String operation = bench.apply(id("42"), "a").operation();
        bench.loop.advance(1_000);
        assertThat(bench.done(bench.connection.operation(operation)).contact()).isEqualTo("42");
        assertThat(bench.done(mirror().operation(operation)).contact()).isNull();
    }

    @Test
    void whatWaitsUnderAnIdIsFoundAfterARestart() {
        second.failures = () -> CrmException.unavailable("down", 500);
        bench.apply(id("42"), "a");
        bench.loop.advance(1_000);
        bench.restart();
        second.failures = () -> null;
        bench.loop.advance(60_000);
        assertThat(second.person("m7").tags).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWaitsUnderAnIdIsBeforeWhatIsWrittenByItWhenItsAddressIsKnown(boolean restarts) {
        bench.crm.failures = () -> CrmException.unavailable("down", 500);
        bench.apply(id("42"), "a");
        bench.loop.advance(120_000);
        bench.crm.failures = () -> null;
        bench.tags(email("jane@example.com"));
        bench.remove(id("42"), "a");
        if (restarts) {
            bench.restart();
        }
        bench.loop.advance(600_000);
        assertThat(bench.crm.person("42").tags).containsExactly("customer");
        assertThat(second.people).containsOnlyKeys("m7");
        assertThat(second.person("m7").tags).isEmpty();
    }

    @Test
    void aContactThatTheMirrorHasNotIsCreatedThere() {
        bench.crm.add("43", "joe@example.com");
        bench.apply(id("43"), "vip");
        bench.loop.advance(5_000);
        assertThat(second.people.values())
                .filteredOn(person -> "joe@example.com".equals(person.email()))
                .singleElement()
                .satisfies(person -> assertThat(person.tags).containsExactly("vip"));
    }

    @Test
    void anAdditionIsOneInBothAndNeverTwoContacts() {
        boolean[] lost = new boolean[1];
        second.losses = () -> {
            boolean first = !lost[0] && second.count("add_contact") == 1;
            lost[0] |= first;
            return first ? CrmException.unanswered(CrmException.Kind.TIMEOUT, "no answer in time", true) : null;
        };
        bench.done(bench.add("joe@example.com", 10_000, "vip"));
        bench.apply(email("joe@example.com"), "more");
        bench.loop.advance(120_000);
        assertThat(second.people).hasSize(2);
        assertThat(second.person("100").tags).containsExactlyInAnyOrder("vip", "more");
    }

    @Test
    void fieldsOfTheCrmsOwnAreNotMirroredAndTheAnswerSaysSo() {
        Written written = bench.done(
                bench.connection.updateContact(id("42"), new JsonObject().put("first", "Jane"), false, NO_WAIT));
        assertThat(written.notMirrored()).containsExactly("mirror");
        Written mapped = bench.done(
                bench.connection.updateContact(id("42"), new JsonObject().put("first_name", "Jane"), true, NO_WAIT));
        assertThat(mapped.notMirrored()).isEmpty();
    }

    @Test
    void fieldsGoByTheMirrorsOwnMap() {
        JsonObject fields = new JsonObject().put("first_name", "Jane").put("last_name", "Doe");
        Written written = bench.done(bench.connection.updateContact(id("42"), fields, true, NO_WAIT));
        assertThat(written.dropped()).isEmpty();
        bench.loop.advance(5_000);
        assertThat(bench.crm.person("42").fields)
                .containsEntry("first", Value.text("Jane"))
                .containsEntry("last", Value.text("Doe"));
        assertThat(second.person("m7").fields)
                .containsOnly(
                        Map.entry("email", Value.text("jane@example.com")), Map.entry("given", Value.text("Jane")));
    }

    @Test
    void anAdditionGoesByTheMirrorsOwnMap() {
        JsonObject fields =
                new JsonObject().put("user_email", "joe@example.com").put("first_name", "Joe");
        bench.done(bench.connection.addContact(fields, true, List.of(), new WriteOptions(10_000, Bench.TRACE)));
        bench.loop.advance(5_000);
        assertThat(second.person("100").fields)
                .containsOnly(Map.entry("email", Value.text("joe@example.com")), Map.entry("given", Value.text("Joe")));
    }

    @Test
    void whatIsMirroredIsNotMirroredOn() {
        ModelCrm third = Objects.requireNonNull(bench.mirrorsMirrorCrm);
        third.add("t9", "jane@example.com");
        bench.apply(email("jane@example.com"), "vip");
        bench.done(bench.add("joe@example.com", 10_000));
        bench.done(bench.connection.deleteContact(id("42"), NO_WAIT));
        bench.loop.advance(5_000);
        assertThat(second.people).containsOnlyKeys("100");
        assertThat(third.calls).isEmpty();

        bench.done(mirror().changeTags(email("joe@example.com"), List.of("direct"), List.of(), NO_WAIT));
        bench.loop.advance(5_000);
        assertThat(third.people.values())
                .filteredOn(person -> "joe@example.com".equals(person.email()))
                .singleElement()
                .satisfies(person -> assertThat(person.tags).containsExactly("direct"));
    }

    @Test
    void tagsCrossByTheirNames() {
        Bench byId = Bench.mirroredByTagId();
        byId.crm.add("42", "jane@example.com", "vip");
        byId.done(byId.connection.syncTags(Freshness.ANY, Bench.TRACE));
        ModelCrm other = Objects.requireNonNull(byId.mirrorCrm);
        other.add("m7", "jane@example.com");
        byId.apply(email("jane@example.com"), "id-of-vip");
        byId.loop.advance(5_000);
        assertThat(other.person("m7").tags).containsExactly("vip");
    }

    @Test
    void aMirrorInStagingGetsNothingAndTheAnswerSaysSo() {
        Bench staging = Bench.mirroredToStaging();
        staging.crm.add("42", "jane@example.com");
        assertThat(staging.apply(id("42"), "vip").notMirrored()).containsExactly("mirror");
        staging.loop.advance(60_000);
        assertThat(Objects.requireNonNull(staging.mirrorCrm).calls).isEmpty();
    }

    @Test
    void aRepeatedWriteNamesWhoDoesNotGetItLikeTheFirst() {
        Bench staging = Bench.mirroredToStaging();
        staging.crm.add("42", "jane@example.com");
        WriteOptions keyed = new WriteOptions(0, Bench.TRACE, new RequestKey("site", "k1", "a"));
        WriteOptions other = new WriteOptions(0, Bench.TRACE, new RequestKey("site", "k2", "b"));
        JsonObject fields = new JsonObject().put("user_email", "joe@example.com");
        for (String time : List.of("first", "again")) {
            assertThat(staging.done(staging.connection.changeTags(id("42"), List.of("vip"), List.of(), keyed))
                            .notMirrored())
                    .as(time)
                    .containsExactly("mirror");
            assertThat(staging.done(staging.connection.addContact(fields, true, List.of(), other))
                            .notMirrored())
                    .as(time)
                    .containsExactly("mirror");
            staging.loop.advance(5_000);
        }
    }

    @Test
    void aMirrorForWhichTheStoreHasNoRoomGetsNothingAndTheAnswerSaysSo() {
        bench.store.fullMirrors.add("mirror");
        assertThat(bench.apply(id("42"), "lost").notMirrored()).containsExactly("mirror");
        bench.store.fullMirrors.clear();
        assertThat(bench.apply(id("42"), "vip").notMirrored()).isEmpty();
        bench.loop.advance(5_000);
        assertThat(bench.crm.person("42").tags).contains("lost", "vip");
        assertThat(second.person("m7").tags).containsExactly("vip");
    }

    @Test
    void aDeletionIsMirroredAlsoWhereTheContactNeverWas() {
        bench.crm.add("43", "joe@example.com");
        bench.tags(email("joe@example.com"));
        String operation = bench.done(bench.connection.deleteContact(email("joe@example.com"), NO_WAIT))
                .operation();
        bench.loop.advance(5_000);
        assertThat(bench.done(mirror().operation(operation)).state()).isEqualTo(ChangeState.DELIVERED);
        assertThat(second.people).containsOnlyKeys("m7");
    }

    @Test
    void readsOfTheMirrorShowWhatIsOnItsWay() {
        second.failures = () -> second.count("apply_tags") > 0 ? CrmException.unavailable("down", 500) : null;
        bench.done(mirror().getTags(email("jane@example.com"), Freshness.ANY, Bench.TRACE));
        bench.apply(email("jane@example.com"), "vip");
        assertThat(bench.done(mirror().getTags(email("jane@example.com"), Freshness.ANY, Bench.TRACE))
                        .value()
                        .tags())
                .isEqualTo(List.of("vip"));
    }
}
