package io.crmux.connector;

import io.crmux.crm.Batch;
import io.crmux.crm.CrmException;
import io.crmux.crm.Outcome;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The delivery of CRMs that have a call for changes of several contacts: what fits into it goes together, the rest alone. */
final class Grouping {

    private Grouping() {}

    /** A way to deliver some batches: an outcome for each, in their order. */
    interface Way extends Function<List<Batch>, Future<List<Outcome>>> {}

    /**
     * Delivers batches.
     *
     * @param fits whether a batch may go with others
     * @param together for two or more that fit; when it fails as a whole, each of them has failed
     * @param alone for the rest
     */
    static Future<List<Outcome>> deliver(List<Batch> batches, Predicate<Batch> fits, Way together, Way alone) {
        List<Batch> fitting = batches.stream().filter(fits).toList();
        if (fitting.size() < 2) {
            return alone.apply(batches);
        }
        List<Batch> rest = batches.stream().filter(fits.negate()).toList();
        return together.apply(fitting)
                .otherwise(failure -> fitting.stream()
                        .<Outcome>map(batch -> new Outcome.Failed(batch, CrmException.of(failure)))
                        .toList())
                .compose(first -> alone.apply(rest)
                        .map(second -> Stream.concat(first.stream(), second.stream())
                                .sorted(Comparator.comparingInt(outcome -> batches.indexOf(outcome.batch())))
                                .toList()));
    }

    /** Delivers each by itself, all at once: the way out keeps the limits. */
    static Future<List<Outcome>> each(List<Batch> batches, Way alone) {
        List<Future<List<Outcome>>> outcomes =
                batches.stream().map(batch -> alone.apply(List.of(batch))).toList();
        return Future.join(outcomes)
                .map(all -> outcomes.stream()
                        .flatMap(outcome -> outcome.result().stream())
                        .toList());
    }

    /** Changes of fields and tags alone: no contact comes or goes, and none does anything. */
    static boolean isPlain(Batch batch) {
        return !batch.create() && !batch.delete() && batch.events().isEmpty();
    }
}
