package io.crmux.crm;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Those that wait for the same, in turn between the API keys that caused them: one that asks much does not hold up one that asks little. Those of one key
 * keep their order.
 */
public final class FairQueue<T> {

    private final Function<T, Call> call;
    /** By key; whose turn it is comes first. */
    private final Map<String, LinkedHashSet<T>> byKey = new LinkedHashMap<>();

    /** @param call for which one waits: its trace tells the key */
    public FairQueue(Function<T, Call> call) {
        this.call = call;
    }

    /** Puts one last in its key's queue; false when it waits there already. */
    public boolean add(T one) {
        return byKey.computeIfAbsent(key(one), absent -> new LinkedHashSet<>()).add(one);
    }

    /** Takes one out that leaves: the next turn is another key's. False when it did not wait. */
    public boolean take(T one) {
        boolean waited = remove(one);
        LinkedHashSet<T> others = waited ? byKey.remove(key(one)) : null;
        if (others != null) {
            byKey.put(key(one), others);
        }
        return waited;
    }

    /** Takes one out that no longer waits: it costs its key no turn. False when it did not wait. */
    public boolean remove(T one) {
        LinkedHashSet<T> queue = byKey.get(key(one));
        boolean waited = queue != null && queue.remove(one);
        if (queue != null && queue.isEmpty()) {
            byKey.remove(key(one));
        }
        return waited;
    }

    /** Whose turn it is; null when none waits. */
    public @Nullable T head() {
        return byKey.isEmpty()
                ? null
                : byKey.values().iterator().next().iterator().next();
    }

    /** The first of every key, in the order of their turns. */
    public Stream<T> heads() {
        return byKey.values().stream().map(queue -> queue.iterator().next());
    }

    /** All that wait, key by key. */
    public Stream<T> all() {
        return byKey.values().stream().flatMap(LinkedHashSet::stream);
    }

    private String key(T one) {
        return call.apply(one).trace().key();
    }
}
