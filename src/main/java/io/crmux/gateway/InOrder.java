package io.crmux.gateway;

import io.crmux.crm.Loop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Tells outcomes in the order of the calls. Futures of another thread complete in order, but are not seen in order: one that has completed before it is
 * looked at is seen at once, while one before it is still on its way to the loop. Touched only on the loop.
 */
final class InOrder<T> {

    private final Loop loop;
    private final Deque<Waiting<T>> waiting = new ArrayDeque<>();

    private record Waiting<T>(Future<T> outcome, Promise<T> told) {}

    InOrder(Loop loop) {
        this.loop = loop;
    }

    /** The same outcome, on the loop, after those of all calls before. */
    Future<T> after(Future<T> outcome) {
        Waiting<T> last = new Waiting<>(outcome, Promise.promise());
        waiting.add(last);
        loop.bring(outcome).onComplete(seen -> tell());
        return last.told().future();
    }

    private void tell() {
        while (!waiting.isEmpty() && waiting.peek().outcome().isComplete()) {
            Waiting<T> first = waiting.poll();
            first.told().handle(first.outcome());
        }
    }
}
