package io.crmux.store;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** What waits for the writer's thread. Any thread hands a turn over; one that was taken in is handed out, and one that comes too late is refused. */
final class Turns {

    private final BlockingQueue<Turn> queue = new LinkedBlockingQueue<>();
    private boolean closed;

    /** Takes a turn in, behind those before it. Answers false when none is taken in any more. */
    synchronized boolean enter(Turn turn) {
        return !closed && queue.add(turn);
    }

    /** Takes in this turn as the last one, unless there is a last one already. */
    synchronized void close(Turn last) {
        if (enter(last)) {
            closed = true;
        }
    }

    /** Hands out at least one turn, for which it waits, and at most so many. */
    void take(List<Turn> group, int most) throws InterruptedException {
        group.add(queue.take());
        queue.drainTo(group, most - 1);
    }

    /** Takes none in any more, and hands out those that are left. */
    synchronized List<Turn> leave() {
        closed = true;
        return List.copyOf(queue);
    }
}
