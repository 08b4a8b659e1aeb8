package io.crmux.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Traits;
import io.crmux.gateway.contact.Layer;
import io.crmux.gateway.tags.TagBook;
import io.crmux.store.Change;
import io.crmux.store.ChangeBody;
import io.crmux.store.NewChange;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class MergerTest {

    private static final TagBook BOOK = TagBook.of(
            List.of(),
            new Traits(
                    Traits.Canonical.NAME,
                    true,
                    Traits.Creation.BY_APPLYING,
                    Traits.Add.REFUSES,
                    Traits.Address.ID,
                    Duration.ZERO,
                    1));

    private static List<Layer> layers(List<ChangeBody> bodies) {
        List<Layer> layers = new ArrayList<>();
        for (ChangeBody body : bodies) {
            long seq = layers.size() + 1L;
            layers.add(new Layer(new Change(seq, new NewChange(new UUID(0, seq), "c", "1", null, body, 0))));
        }
        return layers;
    }

    /** However changes are batched: none is lost, their order stays, and delivering batch by batch has the effect of one by one. */
    @Property(tries = 1000)
    void batchesKeepTheOrderAndTheEffect(@ForAll("changes") List<ChangeBody> bodies) {
        List<Layer> waiting = layers(bodies);
        List<Layer> batched = new ArrayList<>();
        Set<String> byBatch = new HashSet<>(Set.of("a", "c"));
        while (!waiting.isEmpty()) {
            List<Layer> batch = Merger.next(waiting, BOOK, 0);
            assertThat(batch).isNotEmpty();
            Set<String> apply = new HashSet<>();
            Set<String> remove = new HashSet<>();
            for (Layer layer : batch) {
                if (layer.body() instanceof ChangeBody.Tags tags) {
                    tags.apply().forEach(tag -> apply.add(BOOK.key(tag)));
                    tags.remove().forEach(tag -> remove.add(BOOK.key(tag)));
                }
                if (layer.body() instanceof ChangeBody.Delete) {
                    assertThat(batch).hasSize(1);
                    byBatch.clear();
                }
            }
            assertThat(Collections.disjoint(apply, remove)).isTrue();
            byBatch.removeAll(remove);
            byBatch.addAll(apply);
            batched.addAll(batch);
            waiting = new ArrayList<>(waiting.subList(batch.size(), waiting.size()));
        }
        assertThat(batched).extracting(Layer::seq).isSorted().hasSize(bodies.size());
        assertThat(byBatch).isEqualTo(oneByOne(bodies));
    }

    private static Set<String> oneByOne(List<ChangeBody> bodies) {
        Set<String> state = new HashSet<>(Set.of("a", "c"));
        for (ChangeBody body : bodies) {
            if (body instanceof ChangeBody.Tags tags) {
                tags.remove().forEach(tag -> state.remove(BOOK.key(tag)));
                tags.apply().forEach(tag -> state.add(BOOK.key(tag)));
            } else if (body instanceof ChangeBody.Delete) {
                state.clear();
            }
        }
        return state;
    }

    @Property(tries = 200)
    void whileACulpritIsSoughtChangesGoAlone(@ForAll("changes") List<ChangeBody> bodies) {
        List<Layer> waiting = layers(bodies);
        if (!waiting.isEmpty()) {
            assertThat(Merger.next(waiting, BOOK, waiting.size())).hasSize(1);
        }
    }

    @Provide
    Arbitrary<List<ChangeBody>> changes() {
        Arbitrary<List<String>> some =
                Arbitraries.of("a", "A", "b", "c").list().uniqueElements().ofMaxSize(2);
        Arbitrary<ChangeBody> tags = Combinators.combine(some, some).as((apply, remove) -> {
            List<String> disjoint = remove.stream()
                    .filter(tag -> apply.stream().noneMatch(tag::equalsIgnoreCase))
                    .toList();
            return new ChangeBody.Tags(apply, disjoint);
        });
        Arbitrary<ChangeBody> other = Arbitraries.of(
                new ChangeBody.Update(new JsonObject().put("x", 1), true),
                new ChangeBody.Event("e", new JsonObject()),
                new ChangeBody.Delete());
        return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(5, tags), net.jqwik.api.Tuple.of(1, other))
                .list()
                .ofMaxSize(15);
    }
}
