package io.crmux.connector;

import io.crmux.crm.Batch;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which contacts' changes go tag by tag, because that makes fewer calls than contact by contact. The contacts whose rarest tag is shared by most come first; as
 * many of them go together as make the fewest calls in all, the others go alone. To let all go alone is one of the choices, so that there are never more calls
 * than that makes, as long as every contact is there.
 *
 * @param together those of the batches that go together: none, or two at least
 * @param calls what the tags of all batches take, of those that go together and of the others
 */
record KeapSharing(List<Batch> together, long calls) {

    /** What came of tags that were changed together is read in one call. */
    private static final int READING = 1;

    private record Move(String tag, boolean applied) {}

    /** So many of the batches go together as make the fewest calls. */
    static KeapSharing of(List<Batch> batches) {
        List<Batch> order =
                byRarestTag(batches.stream().filter(TagsTogether::fits).toList());
        Set<Move> moves = new HashSet<>();
        long alone = order.stream().mapToLong(KeapSharing::callsAlone).sum();
        long fewest = alone;
        int best = 0;
        for (int many = 1; many <= order.size(); many++) {
            Batch next = order.get(many - 1);
            moves(next).forEach(moves::add);
            alone -= callsAlone(next);
            long calls = moves.size() + READING + alone;
            if (calls < fewest) {
                fewest = calls;
                best = many;
            }
        }
        return new KeapSharing(order.subList(0, best), fewest);
    }

    private static List<Batch> byRarestTag(List<Batch> batches) {
        Map<Move, Integer> contacts = new HashMap<>();
        batches.stream().flatMap(KeapSharing::moves).forEach(move -> contacts.merge(move, 1, Integer::sum));
        Comparator<Batch> byRarest = Comparator.comparing(
                batch -> moves(batch).mapToInt(contacts::get).min().orElse(0));
        return batches.stream().sorted(byRarest.reversed()).toList();
    }

    private static Stream<Move> moves(Batch batch) {
        return Stream.concat(
                batch.remove().stream().map(tag -> new Move(tag.requireId(), false)),
                batch.apply().stream().map(tag -> new Move(tag.requireId(), true)));
    }

    /** For tags only: fields and creations are calls of their own in any case. */
    private static long callsAlone(Batch batch) {
        return (batch.remove().isEmpty() ? 0 : 1) + (batch.apply().isEmpty() ? 0 : 1);
    }
}
