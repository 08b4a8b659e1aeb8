package io.crmux.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.fake.FakeDrip;
import io.crmux.connector.kit.Bench;
import io.crmux.crm.Batch;
import io.crmux.crm.Contact;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.JobState;
import io.crmux.crm.Jobs;
import io.crmux.crm.Outcome;
import io.crmux.crm.Tag;
import io.crmux.crm.Value;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One tag for many of Drip's subscribers. */
class DripBatchesTest {

    private final Vertx vertx = Vertx.vertx();
    private final FakeDrip fake = new FakeDrip(vertx);
    private final Crm crm = Bench.open(
            vertx, new Drip(), Map.of("url", fake.url(), "account", FakeDrip.ACCOUNT, "token", FakeDrip.TOKEN));
    private final List<String> ids = IntStream.range(0, 30)
            .mapToObj(i -> fake.add("user" + i + "@example.com", "before"))
            .toList();
    private long batches;

    @AfterEach
    void close() {
        fake.close();
        vertx.close().await();
    }

    private Batch batch(String id, Map<String, Value> fields, Set<Tag> remove, String... apply) {
        return new Batch(
                ++batches,
                new Contact(id, null),
                false,
                false,
                fields,
                remove,
                Set.copyOf(List.of(apply).stream().map(Tag::named).toList()),
                List.of());
    }

    private List<Batch> tagging(List<String> some) {
        return new ArrayList<>(
                some.stream().map(id -> batch(id, Map.of(), Set.of(), "vip")).toList());
    }

    private List<Outcome> deliver(List<Batch> some) {
        List<Outcome> outcomes = crm.deliver(Bench.call(), some).await();
        assertThat(outcomes).extracting(Outcome::batch).containsExactlyElementsOf(some);
        return outcomes;
    }

    private Set<String> reached(String job) {
        return ((JobState.Reached) ((Jobs) crm).poll(Bench.call(), job).await()).ids();
    }

    private Set<Tag> tags(String id) {
        return crm.getTags(Bench.call(), new Contact(id, null)).await();
    }

    @Test
    void oneTagForManyIsOneCallBetweenTwoLooks() {
        long before = fake.count("");
        assertThat(deliver(tagging(ids)))
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                Outcome.Accepted.class,
                                accepted -> assertThat(accepted.job()).isEqualTo("tagged vip")));
        assertThat(fake.count("") - before).isEqualTo(2);
        assertThat(reached("tagged vip")).isEmpty();
        assertThat(reached("tagged vip")).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(tags(ids.get(7))).containsExactlyInAnyOrder(Tag.named("before"), Tag.named("vip"));
    }

    /** The list may still show a tag that was just taken away: only Drip knows who has it. */
    @Test
    void whoSeemsToHaveTheTagGetsItAllTheSame() {
        List<String> all = new ArrayList<>(ids);
        String shown = fake.add("shown@example.com", "vip");
        all.add(shown);
        assertThat(deliver(tagging(all))).hasOnlyElementsOfType(Outcome.Accepted.class);
        crm.removeTags(Bench.call(), new Contact(shown, null), Set.of(Tag.named("vip")))
                .await();
        reached("tagged vip");
        assertThat(reached("tagged vip")).contains(shown).hasSize(31);
    }

    @Test
    void whoIsGoneOrUnsubscribedIsNotReached() {
        List<String> all = new ArrayList<>(ids);
        fake.unsubscribe(ids.get(3));
        all.add("z0nobody");
        deliver(tagging(all));
        reached("tagged vip");
        assertThat(reached("tagged vip")).hasSize(29).doesNotContain(ids.get(3), "z0nobody");
    }

    @Test
    void aFewAndWhoeverChangesOtherwiseGoByThemselves() {
        List<Batch> few = tagging(ids.subList(0, 24));
        assertThat(crm.together(few)).containsExactly(few.get(0));
        assertThat(deliver(few)).hasOnlyElementsOfType(Outcome.Done.class);

        List<Batch> mixed = tagging(ids);
        Batch field = batch(ids.get(0), Map.of("first_name", Value.text("Jane")), Set.of(), "vip");
        Batch removal = batch(ids.get(1), Map.of(), Set.of(Tag.named("before")), "vip");
        Batch two = batch(ids.get(2), Map.of(), Set.of(), "vip", "gold");
        Batch comma = batch(ids.get(3), Map.of(), Set.of(), "a,b");
        List<Batch> all = new ArrayList<>(List.of(field, removal, two, comma));
        all.addAll(mixed);
        assertThat(crm.together(all)).containsExactlyElementsOf(mixed);
    }

    @Test
    void whenTooManyHaveTheTagNothingIsSentTogether() {
        IntStream.range(0, 2_001).forEach(i -> fake.add("many" + i + "@example.com", "vip"));
        assertThat(deliver(tagging(ids)))
                .allSatisfy(outcome -> assertThat(outcome).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                    assertThat(failed.failure().kind()).isEqualTo(Kind.INVALID);
                    assertThat(failed.failure()).isInstanceOf(CrmException.class);
                }));
        assertThat(fake.count("batches")).isZero();
        assertThat(reached("tagged vip")).hasSize(2_000);
    }
}
