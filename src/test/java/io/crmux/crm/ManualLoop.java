package io.crmux.crm;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;

/**
 * A loop whose time a test moves. Tasks that are run from within a task run at once, as on an event loop; timers run in the order of their times, and
 * of their setting where these are equal.
 */
public final class ManualLoop implements Loop {

    private static final long START_MILLIS = 1_800_000_000_000L;

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Waiting> timers = new PriorityQueue<>(
            Comparator.<Waiting>comparingLong(waiting -> waiting.at).thenComparingLong(waiting -> waiting.order));
    private long now;
    private long order;

    /** A cancelled one stays where it is until its time, since taking it out would have to look for it. */
    private static final class Waiting {
        private final long at;
        private final long order;
        private final Runnable task;
        private boolean cancelled;

        Waiting(long at, long order, Runnable task) {
            this.at = at;
            this.order = order;
            this.task = task;
        }
    }

    @Override
    public long millis() {
        return START_MILLIS + now;
    }

    @Override
    public long nanos() {
        return now * 1_000_000;
    }

    @Override
    public boolean isHere() {
        return true;
    }

    @Override
    public void run(Runnable task) {
        task.run();
    }

    @Override
    public void later(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Timer after(long millis, Runnable task) {
        Waiting waiting = new Waiting(now + Math.max(1, millis), order++, task);
        timers.add(waiting);
        return () -> waiting.cancelled = true;
    }

    /** Runs what is to run now. */
    public void runAll() {
        while (!tasks.isEmpty()) {
            tasks.poll().run();
        }
    }

    /** Lets so many milliseconds pass, and runs everything that falls into them, at its time. */
    public void advance(long millis) {
        long until = now + millis;
        runAll();
        while (!timers.isEmpty() && timers.peek().at <= until) {
            Waiting next = timers.poll();
            if (!next.cancelled) {
                now = next.at;
                next.task.run();
                runAll();
            }
        }
        now = until;
    }

    /** How many timers wait. */
    public int timers() {
        return (int) timers.stream().filter(waiting -> !waiting.cancelled).count();
    }
}
