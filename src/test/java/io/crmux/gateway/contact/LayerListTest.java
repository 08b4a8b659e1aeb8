package io.crmux.gateway.contact;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.store.Change;
import io.crmux.store.ChangeBody;
import io.crmux.store.ListedChanges;
import io.crmux.store.NewChange;
import io.crmux.store.StoredChange;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LayerListTest {

    private static final ChangeBody TAGS = new ChangeBody.Tags(List.of("vip"), List.of());

    /** A change that is not in it is put at the end, one that is in it is taken out; one alone takes no list. */
    @Property(tries = 500)
    void itIsAList(@ForAll @Size(max = 50) List<@IntRange(max = 5) Integer> touched) {
        List<Layer> changes = new ArrayList<>();
        for (int seq = 0; seq <= 5; seq++) {
            changes.add(layer(seq));
        }
        LayerList layers = LayerList.of(List.of());
        List<Layer> model = new ArrayList<>();
        for (int number : touched) {
            Layer change = changes.get(number);
            layers = model.contains(change) ? layers.without(change) : layers.with(change);
            if (!model.remove(change)) {
                model.add(change);
            }
            assertThat(layers.list()).containsExactlyElementsOf(model);
            assertThat(LayerList.of(model).list()).containsExactlyElementsOf(model);
            if (model.size() == 1) {
                assertThat(layers).isSameAs(model.get(0));
            }
        }
    }

    /** Deferred changes are those of the backlog, behind what was there. */
    @Property(tries = 500)
    void deferredChangesAreMadeWhenTheyAreAskedFor(
            @ForAll @IntRange(max = 3) int before,
            @ForAll @IntRange(min = 1, max = 4) int deferred,
            @ForAll @IntRange(max = 6) int gone,
            @ForAll boolean gathered) {
        Backlog backlog = new Backlog(new ListedChanges(IntStream.range(0, before + deferred)
                .mapToObj(seq -> new StoredChange(change(seq), new Layer(change(seq)).progress(false)))
                .toList()));
        List<Layer> model = new ArrayList<>();
        LayerList layers = LayerList.of(List.of());
        for (int i = 0; i < before; i++) {
            model.add(backlog.layer(i));
            layers = layers.with(backlog.layer(i));
        }
        for (int i = before; i < before + deferred; i++) {
            layers = new LayerList.Deferred(layers, backlog, i);
        }
        for (int i = before; i < before + deferred; i++) {
            model.add(backlog.layer(i));
        }
        layers = gathered ? layers.whole() : layers;
        assertThat(layers.last()).isSameAs(model.get(model.size() - 1));
        assertThat(layers.list()).containsExactlyElementsOf(model);
        Layer added = new Layer(change(10));
        Layer leaving = gone < model.size() ? model.get(gone) : added;
        model.remove(leaving);
        assertThat(layers.without(leaving).list()).containsExactlyElementsOf(model);
    }

    private static Layer layer(long seq) {
        return new Layer(change(seq));
    }

    private static Change change(long seq) {
        return new Change(seq, new NewChange(new UUID(0, seq), "c", "1", null, TAGS, 0));
    }
}
