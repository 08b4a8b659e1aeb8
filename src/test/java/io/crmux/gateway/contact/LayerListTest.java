package io.crmux.gateway.contact;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.store.Change;
import io.crmux.store.ChangeBody;
import io.crmux.store.NewChange;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LayerListTest {

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

    private static Layer layer(long seq) {
        return new Layer(new Change(seq, new NewChange(new UUID(0, seq), "c", null, null, new ChangeBody.Delete(), 0)));
    }
}
