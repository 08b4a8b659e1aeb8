package io.crmux.crm;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;

/** A Vert.x event loop. */
public final class VertxLoop implements Loop {

    private final Vertx vertx;
    private final Context context;

    private VertxLoop(Vertx vertx, Context context) {
        this.vertx = vertx;
        this.context = context;
    }

    /**
     * A loop with a context of its own; successive ones are spread over all event loops. Waits until it is there, so it is not to be called on an event
     * loop.
     */
    public static VertxLoop open(Vertx vertx) {
        Holder holder = new Holder();
        vertx.deployVerticle(holder).await();
        return new VertxLoop(vertx, holder.context());
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
    public boolean isHere() {
        return Vertx.currentContext() == context;
    }

    @Override
    public void run(Runnable task) {
        if (isHere()) {
            task.run();
        } else {
            context.runOnContext(ignored -> task.run());
        }
    }

    @Override
    public void later(Runnable task) {
        context.runOnContext(ignored -> task.run());
    }

    @Override
    public Timer after(long millis, Runnable task) {
        long timer = vertx.setTimer(Math.max(1, millis), fired -> run(task));
        return () -> vertx.cancelTimer(timer);
    }

    /** A verticle is the public way to a context of one's own. */
    private static final class Holder extends VerticleBase {

        @Override
        public Future<?> start() {
            return Future.succeededFuture();
        }

        Context context() {
            return context;
        }
    }
}
