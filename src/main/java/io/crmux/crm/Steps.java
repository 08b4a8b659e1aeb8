package io.crmux.crm;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far a batch came that has failed: what of it was done is not done again.
 *
 * @param added what became of the creation; null when it was not done, or there was none
 * @param fields whether the fields are set, by the creation or by an update
 * @param removals whether the tags are removed that are to be removed
 * @param applications whether the tags are applied that are to be applied
 * @param events how many of the events are sent, in order
 */
public record Steps(@Nullable Added added, boolean fields, boolean removals, boolean applications, int events) {

    /** Nothing was done. */
    public static final Steps NONE = new Steps(null, false, false, false, 0);

    /** The part of a batch that was done. */
    public Batch done(Batch batch) {
        return new Batch(
                batch.id(),
                batch.contact(),
                batch.create() && fields,
                false,
                fields ? batch.fields() : Map.of(),
                removals ? batch.remove() : Set.of(),
                applications ? batch.apply() : Set.of(),
                List.copyOf(batch.events().subList(0, events)));
    }
}
