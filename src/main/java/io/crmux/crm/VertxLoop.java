package io.crmux.crm;

import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** A Vert.x event loop. */
public final class VertxLoop implements Loop {

    private final Vertx vertx;
    private final Context context;

    /** A loop on an event loop of its own choosing: successive ones are spread over all event loops. */
    public VertxLoop(Vertx vertx, Context context) {
        this.vertx = vertx;
        this.context = context;
    }

    @Override
    public long millis() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public void run(Runnable task) {
        if (Vertx.currentContext() == context) {
            task.run();
        } else {
            context.runOnContext(ignored -> task.run());
        }
    }

    @Override
    public Timer after(long millis, Runnable task) {
        long timer = vertx.setTimer(Math.max(1, millis), fired -> run(task));
        return () -> vertx.cancelTimer(timer);
    }
}
