package io.crmux.upstream;

import io.crmux.crm.FairQueue;
import io.crmux.crm.Lane;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for their turn, by who waits for them: visitors first, then writes, then bulk work. A lane that was passed over {@value #PASSED_OVER}
 * times is next, so that none waits for ever; but a visitor who comes alone lets nobody pass.
 *
 * <p>Within a lane, requests of each bucket have a queue of their own, in turn between API keys, so that nothing takes longer the more requests wait.
 */
final class Lanes {

    private static final int PASSED_OVER = 9;

    private final Map<Lane, Queues> lanes = new EnumMap<>(Lane.class);
    private @Nullable Lane lastTurn;

    /** The queues of a lane, by bucket. */
    private static final class Queues {
        private final Map<String, FairQueue<Job>> byBucket = new HashMap<>();
        private int size;
        private int passedOver;

        FairQueue<Job> of(Job job) {
            return byBucket.computeIfAbsent(job.request().bucket(), absent -> new FairQueue<>(Job::call));
        }

        void add(Job job) {
            size += of(job).add(job) ? 1 : 0;
        }

        boolean remove(Job job) {
            boolean waited = of(job).remove(job);
            size -= waited ? 1 : 0;
            return waited;
        }

        void take(Job job) {
            size -= of(job).take(job) ? 1 : 0;
        }

        Stream<Job> heads() {
            return byBucket.values().stream().map(FairQueue::head).flatMap(Stream::ofNullable);
        }

        /** The head that has waited longest of those that pass. */
        @Nullable
        Job next(Predicate<Job> passes) {
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

    void add(Job job, Lane lane) {
        job.waitsIn(lane);
        queues(lane).add(job);
    }

    /** Takes a request out, wherever it waits. */
    boolean remove(Job job) {
        return queues(job.lane()).remove(job);
    }

    boolean isEmpty() {
        for (Queues queues : lanes.values()) {
            if (queues.size > 0) {
                return false;
            }
        }
        return true;
    }

    int size(Lane lane) {
        return queues(lane).size;
    }

    /** When the longest-waiting request of a lane began to wait, on the loop's clock in nanoseconds; null when none waits. */
    @Nullable
    Long oldest(Lane lane) {
        return size(lane) == 0
                ? null
                : queues(lane).byBucket.values().stream()
                        .flatMap(FairQueue::heads)
                        .mapToLong(Job::queuedAt)
                        .min()
                        .getAsLong();
    }

    /**
     * Takes the next request that may leave; null when none may.
     *
     * @param evenly what must be true of requests for which nobody waits, so that there is room for visitors
     * @param plainly what must be true of visitors' requests, and of whose turn it is after so many visitors
     */
    @Nullable
    Job next(Predicate<Job> evenly, Predicate<Job> plainly) {
        boolean visitorWaits = size(Lane.VISITOR) > 0;
        if (!visitorWaits || lastTurn == Lane.VISITOR) {
            for (Map.Entry<Lane, Queues> lane : lanes.entrySet()) {
                if (lane.getValue().passedOver >= PASSED_OVER) {
                    Job job = lane.getValue().next(visitorWaits ? plainly : evenly);
                    if (job != null) {
                        return take(lane.getKey(), job);
                    }
                }
            }
        }
        for (Map.Entry<Lane, Queues> lane : lanes.entrySet()) {
            Job job = lane.getValue().next(lane.getKey() == Lane.VISITOR ? plainly : evenly);
            if (job != null) {
                return take(lane.getKey(), job);
            }
        }
        return null;
    }

    private Job take(Lane lane, Job job) {
        queues(lane).take(job);
        lanes.values().forEach(queues -> queues.passedOver += queues.size > 0 ? 1 : 0);
        queues(lane).passedOver = 0;
        lastTurn = lane;
        return job;
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
                .flatMap(FairQueue::all)
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
