package io.crmux.connector;

import io.crmux.crm.Batch;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which contacts' changes go tag by tag, because that makes fewer calls than contact by contact. The contacts whose rarest tag is shared by most come first; as
 * many of them go together as make the fewest calls in all, the others go alone. To let all go alone is one of the choices, so that there are never more calls
 * than that makes, as long as every contact is there.
 */
final class KeapSharing {

    private KeapSharing() {}

    private record Move(String tag, boolean applied) {}

    /** Those of the batches that go together: none, or two at least. */
    static List<Batch> of(List<Batch> batches) {
        List<Batch> able = batches.stream().filter(TagsTogether::fits).toList();
        Map<Move, Integer> contacts = new HashMap<>();
        able.stream().flatMap(KeapSharing::moves).forEach(move -> contacts.merge(move, 1, Integer::sum));
        Comparator<Batch> byRarest = Comparator.comparing(
                batch -> moves(batch).mapToInt(contacts::get).min().orElse(0));
        List<Batch> order = able.stream().sorted(byRarest.reversed()).toList();
        int best = 0;
        long fewest = callsAlone(order);
        for (int many = 2; many <= order.size(); many++) {
            long calls = callsTogether(order.subList(0, many)) + callsAlone(order.subList(many, order.size()));
            if (calls < fewest) {
                fewest = calls;
                best = many;
            }
        }
        return order.subList(0, best);
    }

    private static Stream<Move> moves(Batch batch) {
        return Stream.concat(
                batch.remove().stream().map(tag -> new Move(tag.requireId(), false)),
                batch.apply().stream().map(tag -> new Move(tag.requireId(), true)));
    }

    /** For tags only: fields and creations are calls of their own in any case. */
    private static long callsAlone(List<Batch> batches) {
        return batches.stream()
                .mapToLong(batch ->
                        (batch.remove().isEmpty() ? 0 : 1) + (batch.apply().isEmpty() ? 0 : 1))
                .sum();
    }

    /** One for each tag, and one that reads what came of it. */
    private static long callsTogether(List<Batch> batches) {
        return batches.stream().flatMap(KeapSharing::moves).distinct().count() + 1;
    }
}
