package io.crmux.upstream;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Requests that wait for the same, in turn between the API keys that caused them: one that asks much does not hold up one that asks little. */
final class FairQueue {

    /** By key; whose turn it is comes first. */
    private final Map<String, LinkedHashSet<Job>> byKey = new LinkedHashMap<>();

    boolean add(Job job) {
        return byKey.computeIfAbsent(key(job), absent -> new LinkedHashSet<>()).add(job);
    }

    /** Takes one out that leaves: the next turn is another key's. */
    boolean take(Job job) {
        LinkedHashSet<Job> queue = byKey.remove(key(job));
        boolean waited = queue != null && queue.remove(job);
        if (queue != null && !queue.isEmpty()) {
            byKey.put(key(job), queue);
        }
        return waited;
    }

    /** Takes one out that no longer waits: it costs its key no turn. */
    boolean remove(Job job) {
        LinkedHashSet<Job> queue = byKey.get(key(job));
        boolean waited = queue != null && queue.remove(job);
        if (queue != null && queue.isEmpty()) {
            byKey.remove(key(job));
        }
        return waited;
    }

    /** Whose turn it is; null when none waits. */
    @Nullable
    Job head() {
        return byKey.isEmpty()
                ? null
                : byKey.values().iterator().next().iterator().next();
    }

    /** When the one that has waited longest began to, in nanoseconds; {@link Long#MAX_VALUE} when none waits. */
    long oldestSince() {
        return byKey.values().stream()
                .mapToLong(queue -> queue.iterator().next().queuedAt())
                .min()
                .orElse(Long.MAX_VALUE);
    }

    Stream<Job> all() {
        return byKey.values().stream().flatMap(LinkedHashSet::stream);
    }

    private static String key(Job job) {
        return job.call().trace().key();
    }
}
