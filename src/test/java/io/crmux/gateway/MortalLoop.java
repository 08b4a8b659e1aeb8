package io.crmux.gateway;

import io.crmux.crm.Loop;
import io.crmux.crm.ManualLoop;

/** A process's view of a loop: once killed, nothing of it runs any more, while calls that it has sent still arrive. */
final class MortalLoop implements Loop {

    private final ManualLoop loop;
    private boolean dead;

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
    public void run(Runnable task) {
        if (!dead) {
            loop.run(task);
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
