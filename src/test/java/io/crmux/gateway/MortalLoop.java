package io.crmux.gateway;

import io.crmux.crm.Loop;
import io.crmux.crm.ManualLoop;

/**
 * A process's view of a loop: once killed, nothing of it runs any more, while calls that it has sent still arrive. What runs beside it, its store and its
 * CRM, is not on the loop.
 */
final class MortalLoop implements Loop {

    private final ManualLoop loop;
    private boolean dead;
    private boolean here;

    MortalLoop(ManualLoop loop) {
        this.loop = loop;
    }

    void kill() {
        dead = true;
    }

    @Override
    public long millis() {
        return loop.millis();
    }

    @Override
    public long nanos() {
        return loop.nanos();
    }

    @Override
    public boolean isHere() {
        return here;
    }

    @Override
    public void run(Runnable task) {
        if (!dead) {
            loop.run(() -> turn(task));
        }
    }

    private void turn(Runnable task) {
        boolean before = here;
        here = true;
        try {
            task.run();
        } finally {
            here = before;
        }
    }

    @Override
    public void later(Runnable task) {
        loop.later(() -> run(task));
    }

    @Override
    public Timer after(long millis, Runnable task) {
        return loop.after(millis, () -> run(task));
    }
}
