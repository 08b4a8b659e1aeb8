package io.crmux.connector;

import io.crmux.crm.Batch;
import io.crmux.crm.CrmException;
import io.crmux.crm.Outcome;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
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
        List<Batch> fitting = new ArrayList<>();
        List<Batch> rest = new ArrayList<>();
        batches.forEach(batch -> (fits.test(batch) ? fitting : rest).add(batch));
        if (fitting.size() < 2) {
            return alone.apply(batches);
        }
        return together.apply(fitting)
                .otherwise(failure -> fitting.stream()
                        .<Outcome>map(batch -> new Outcome.Failed(batch, CrmException.of(failure)))
                        .toList())
                .compose(first -> alone.apply(rest)
                        .map(second -> inOrder(batches, Stream.concat(first.stream(), second.stream()))));
    }

    private static List<Outcome> inOrder(List<Batch> batches, Stream<Outcome> outcomes) {
        Map<Batch, Integer> places = new HashMap<>();
        for (int i = 0; i < batches.size(); i++) {
            places.put(batches.get(i), i);
        }
        return outcomes.sorted(Comparator.comparing(outcome -> Objects.requireNonNull(places.get(outcome.batch()))))
                .toList();
    }

    /**
     * As many of the due batches as are delivered within so many calls: the first ones, at least one.
     *
     * @param calls how many calls some batches take in all
     */
    static List<Batch> within(long most, List<Batch> due, ToLongFunction<List<Batch>> calls) {
        int enough = 1;
        int tooMany = due.size() + 1;
        while (tooMany - enough > 1) {
            int middle = (enough + tooMany) / 2;
            if (calls.applyAsLong(due.subList(0, middle)) <= most) {
                enough = middle;
            } else {
                tooMany = middle;
            }
        }
        return due.subList(0, enough);
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
