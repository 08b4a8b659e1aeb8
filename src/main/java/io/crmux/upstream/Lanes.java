package io.crmux.upstream;

import io.crmux.crm.Lane;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for their turn, by who waits for them: visitors first, then writes, then bulk work. One turn in {@value #TURNS} goes to the
 * hindmost lane instead, so that no lane waits for ever.
 *
 * <p>Within a lane, requests of each bucket have a queue of their own, so that nothing takes longer the more requests wait.
 */
final class Lanes {

    private static final int TURNS = 10;
    private static final List<Lane> FOREMOST_FIRST = List.of(Lane.VISITOR, Lane.WRITE, Lane.BULK);
    private static final List<Lane> HINDMOST_FIRST = List.of(Lane.BULK, Lane.WRITE, Lane.VISITOR);

    private final Map<Lane, Queues> lanes = new EnumMap<>(Lane.class);
    private int turn;

    /** The queues of a lane, by bucket. */
    private static final class Queues {
        private final Map<String, LinkedHashSet<Job>> byBucket = new HashMap<>();
        private int size;

        void add(Job job) {
            if (byBucket.computeIfAbsent(job.request().bucket(), absent -> new LinkedHashSet<>())
                    .add(job)) {
                size++;
            }
        }

        boolean remove(Job job) {
            LinkedHashSet<Job> queue = byBucket.get(job.request().bucket());
            boolean waited = queue != null && queue.remove(job);
            size -= waited ? 1 : 0;
            return waited;
        }

        Stream<Job> heads() {
            return byBucket.values().stream()
                    .filter(queue -> !queue.isEmpty())
                    .map(queue -> queue.iterator().next());
        }

        /** The head that has waited longest of those that pass. */
        @Nullable
        Job oldest(Predicate<Job> passes) {
            return heads().filter(passes)
                    .min((one, other) -> Long.compare(one.queuedAt(), other.queuedAt()))
                    .orElse(null);
        }
    }

    Lanes() {
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new Queues());
        }
    }

    void add(Job job) {
        job.waitsIn(job.call().lane());
        queues(job.lane()).add(job);
    }

    /** Takes a request out, wherever it waits. */
    boolean remove(Job job) {
        return queues(job.lane()).remove(job);
    }

    int size(Lane lane) {
        return queues(lane).size;
    }

    /** When the longest-waiting request of a lane began to wait, on the loop's clock in nanoseconds; null when none waits. */
    @Nullable
    Long oldest(Lane lane) {
        Job first = queues(lane).oldest(any -> true);
        return first == null ? null : first.queuedAt();
    }

    /** Takes the next request that may leave; null when none may. */
    @Nullable
    Job next(Predicate<Job> mayLeave) {
        for (Lane lane : (turn + 1) % TURNS == 0 ? HINDMOST_FIRST : FOREMOST_FIRST) {
            Job job = queues(lane).oldest(mayLeave);
            if (job != null) {
                queues(lane).remove(job);
                turn++;
                return job;
            }
        }
        return null;
    }

    /** How long until one of the foremost requests may leave; negative when none waits. */
    long soonest(ToLongFunction<Job> wait) {
        return lanes.values().stream()
                .flatMap(Queues::heads)
                .mapToLong(wait)
                .min()
                .orElse(-1);
    }

    /** Takes out all requests that fit. */
    List<Job> takeAll(Predicate<Job> fits) {
        List<Job> taken = lanes.values().stream()
                .flatMap(queues -> queues.byBucket.values().stream())
                .flatMap(LinkedHashSet::stream)
                .filter(fits)
                .toList();
        taken.forEach(this::remove);
        return taken;
    }

    private Queues queues(Lane lane) {
        Queues queues = lanes.get(lane);
        if (queues == null) {
            throw new IllegalStateException("no queue of lane " + lane);
        }
        return queues;
    }
}
