package io.crmux.upstream;

import io.crmux.crm.Lane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for their turn, by who waits for them: visitors first, then writes, then bulk work. One turn in {@value #TURNS} goes to the
 * hindmost lane instead, so that no lane waits for ever.
 */
final class Lanes {

    private static final int TURNS = 10;

    private final Map<Lane, Deque<Job>> queues = new EnumMap<>(Lane.class);
    private int turn;

    Lanes() {
        for (Lane lane : Lane.values()) {
            queues.put(lane, new ArrayDeque<>());
        }
    }

    void add(Job job) {
        queue(job.call().lane()).add(job);
    }

    /** Takes a request out, wherever it waits. */
    boolean remove(Job job) {
        return queues.values().stream().anyMatch(queue -> queue.remove(job));
    }

    int size() {
        return queues.values().stream().mapToInt(Deque::size).sum();
    }

    int size(Lane lane) {
        return queue(lane).size();
    }

    /** When the longest-waiting request of a lane began to wait, on the loop's clock in nanoseconds; null when none waits. */
    @Nullable
    Long oldest(Lane lane) {
        Job first = queue(lane).peek();
        return first == null ? null : first.queuedAt();
    }

    /** Takes the next request that may leave; null when none may. */
    @Nullable
    Job next(Predicate<String> bucketIsOpen) {
        boolean hindmostFirst = (turn + 1) % TURNS == 0;
        List<Lane> order = new ArrayList<>(queues.keySet());
        if (hindmostFirst) {
            java.util.Collections.reverse(order);
        }
        for (Lane lane : order) {
            for (Job job : queue(lane)) {
                if (bucketIsOpen.test(job.request().bucket())) {
                    queue(lane).remove(job);
                    turn++;
                    return job;
                }
            }
        }
        return null;
    }

    /** Every request that waits. */
    List<Job> all() {
        return queues.values().stream().flatMap(Deque::stream).toList();
    }

    private Deque<Job> queue(Lane lane) {
        Deque<Job> queue = queues.get(lane);
        if (queue == null) {
            throw new IllegalStateException("no queue of lane " + lane);
        }
        return queue;
    }
}
