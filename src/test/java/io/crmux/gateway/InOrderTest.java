package io.crmux.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.crm.Loop;
import io.crmux.crm.ManualLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InOrderTest {

    private final ManualLoop manual = new ManualLoop();
    private final List<String> told = new ArrayList<>();

    /** As an event loop does: what completes elsewhere comes by the queue, what has completed already is run at once. */
    private final Loop loop = new Loop() {
        @Override
        public long millis() {
            return manual.millis();
        }

        @Override
        public long nanos() {
            return manual.nanos();
        }

        @Override
        public void run(Runnable task) {
            if (completing) {
                manual.later(task);
            } else {
                task.run();
            }
        }

        @Override
        public void later(Runnable task) {
            manual.later(task);
        }

        @Override
        public Timer after(long millis, Runnable task) {
            return manual.after(millis, task);
        }
    };

    private boolean completing;

    @Test
    void whatHasCompletedAlreadyDoesNotOvertakeWhatIsOnItsWay() {
        InOrder<String> order = new InOrder<>(loop);
        Promise<String> first = Promise.promise();
        order.after(first.future()).onSuccess(told::add);
        completing = true;
        first.complete("first");
        completing = false;
        order.after(Future.succeededFuture("second")).onSuccess(told::add);
        manual.runAll();
        assertThat(told).containsExactly("first", "second");
    }

    @Test
    void aFailureHoldsNobodyUp() {
        InOrder<String> order = new InOrder<>(loop);
        order.after(Future.failedFuture("no")).onFailure(failure -> told.add("failed"));
        order.after(Future.succeededFuture("next")).onSuccess(told::add);
        assertThat(told).containsExactly("failed", "next");
    }
}
