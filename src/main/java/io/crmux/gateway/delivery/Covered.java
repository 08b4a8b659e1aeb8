package io.crmux.gateway.delivery;

import io.crmux.crm.Steps;
import io.crmux.gateway.contact.Layer;
import io.crmux.store.ChangeBody;
import java.util.ArrayList;
import java.util.List;

/** Says which changes of a batch that has failed are done nevertheless, in whole. */
final class Covered {

    private Covered() {}

    static List<Layer> by(Steps done, List<Layer> layers) {
        List<Layer> covered = new ArrayList<>();
        int events = 0;
        for (Layer layer : layers) {
            boolean isEvent = layer.body() instanceof ChangeBody.Event;
            if (isEvent ? events < done.events() : isDone(layer.body(), done)) {
                covered.add(layer);
            }
            events += isEvent ? 1 : 0;
        }
        return covered;
    }

    private static boolean isDone(ChangeBody body, Steps done) {
        if (body instanceof ChangeBody.Tags tags) {
            return (tags.remove().isEmpty() || done.removals()) && (tags.apply().isEmpty() || done.applications());
        }
        return !(body instanceof ChangeBody.Delete) && done.fields();
    }
}
