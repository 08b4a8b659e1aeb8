package io.crmux.gateway;

import io.crmux.crm.Loop;
import io.crmux.crm.ManualLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Several event loops on one hand-driven clock. What is handed from one to another is on its way for a while, and keeps its order. */
final class DistantLoops {

    private static final int LONGEST_WAY_MILLIS = 3;

    private final ManualLoop time;
    private final Random random;
    /** Whose task is running; null when it is nobody's, but a timer of the clock itself. */
    private @Nullable Loop here;

    DistantLoops(ManualLoop time, Random random) {
        this.time = time;
        this.random = random;
    }

    Loop open() {
        return new Distant();
    }

    private final class Distant implements Loop {

        private final Deque<Runnable> queue = new ArrayDeque<>();

        @Override
        public long millis() {
            return time.millis();
        }

        @Override
        public long nanos() {
            return time.nanos();
        }

        @Override
        public boolean isHere() {
            return here == this;
        }

        @Override
        public void run(Runnable task) {
            if (isHere()) {
                task.run();
            } else {
                later(task);
            }
        }

        @Override
        public void later(Runnable task) {
            queue.add(task);
            time.after(1 + random.nextInt(LONGEST_WAY_MILLIS), () -> turn(queue.remove()));
        }

        @Override
        public Timer after(long millis, Runnable task) {
            return time.after(millis, () -> turn(task));
        }

        private void turn(Runnable task) {
            Loop before = here;
            here = this;
            try {
                task.run();
            } finally {
                here = before;
            }
        }
    }
}
