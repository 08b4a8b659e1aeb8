package io.crmux.gateway.contact;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes of one contact, in an order. One alone is a list by itself: of a hundred thousand contacts that wait in an outage, most have one change, and
 * a list around it would take as much as the contact.
 */
sealed interface LayerList permits LayerList.None, Layer, LayerList.Several, LayerList.Deferred {

    /** A view of them. */
    List<Layer> list();

    /** The last of them; null when there is none. */
    @Nullable
    Layer last();

    /** These and that one after them, which take the place of these. */
    LayerList with(Layer last);

    /** These without that one, which take the place of these. */
    LayerList without(Layer gone);

    /** The same changes with none of them deferred, which take the place of these. */
    default LayerList whole() {
        return this;
    }

    static LayerList of(List<Layer> layers) {
        return switch (layers.size()) {
            case 0 -> None.NONE;
            case 1 -> layers.get(0);
            default -> new Several(new ArrayList<>(layers));
        };
    }

    /** No change. */
    enum None implements LayerList {
        NONE;

        @Override
        public List<Layer> list() {
            return List.of();
        }

        @Override
        public @Nullable Layer last() {
            return null;
        }

        @Override
        public LayerList with(Layer last) {
            return last;
        }

        @Override
        public LayerList without(Layer gone) {
            return this;
        }
    }

    /** Two or more. */
    record Several(List<Layer> layers) implements LayerList {

        @Override
        public List<Layer> list() {
            return Collections.unmodifiableList(layers);
        }

        @Override
        public Layer last() {
            return layers.get(layers.size() - 1);
        }

        @Override
        public LayerList with(Layer last) {
            layers.add(last);
            return this;
        }

        @Override
        public LayerList without(Layer gone) {
            layers.remove(gone);
            return layers.size() == 1 ? layers.get(0) : this;
        }
    }

    /** Changes of which the last one is not made before somebody asks for it, and perhaps others are not. */
    record Deferred(LayerList before, Backlog backlog, int index) implements LayerList {

        @Override
        public LayerList whole() {
            Deque<Layer> last = new ArrayDeque<>();
            LayerList rest = this;
            while (rest instanceof Deferred deferred) {
                last.addFirst(deferred.last());
                rest = deferred.before;
            }
            List<Layer> whole = new ArrayList<>(rest.list());
            whole.addAll(last);
            return of(whole);
        }

        @Override
        public List<Layer> list() {
            return whole().list();
        }

        @Override
        public Layer last() {
            return backlog.layer(index);
        }

        @Override
        public LayerList with(Layer last) {
            return whole().with(last);
        }

        @Override
        public LayerList without(Layer gone) {
            return whole().without(gone);
        }
    }
}
