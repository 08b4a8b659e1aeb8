package io.crmux.gateway.load;

import io.crmux.crm.Loop;
import io.crmux.gateway.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** How long somebody waits for what goes on without him. */
public final class Patience {

    /** How long a visitor waits, in milliseconds. */
    public static final long VISITOR_MILLIS = 10_000;

    private Patience() {}

    /** The same outcome, or {@link Refusal.Reason#TIMEOUT} when it takes longer. */
    public static <T> Future<T> within(Loop loop, long millis, Future<T> slow) {
        if (slow.isComplete()) {
            return slow;
        }
        Promise<T> patient = Promise.promise();
        Loop.Timer timer = loop.after(
                millis, () -> patient.tryFail(Refusal.of(Refusal.Reason.TIMEOUT, "the CRM has not answered in time")));
        slow.onComplete(result -> {
            timer.cancel();
            if (result.succeeded()) {
                patient.tryComplete(result.result());
            } else {
                patient.tryFail(result.cause());
            }
        });
        return patient.future();
    }
}
