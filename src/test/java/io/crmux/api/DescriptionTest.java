package io.crmux.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DescriptionTest {

    private static final JsonObject BODY = new JsonObject().put("name", "vip");

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final CompletableFuture<JsonObject> document = new CompletableFuture<>();
    private final AtomicInteger readings = new AtomicInteger();
    private final Description description = new Description(loop, () -> {
        readings.incrementAndGet();
        return document.get(1, TimeUnit.MINUTES);
    });

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void aBodyThatComesBeforeTheDocumentIsReadWaitsForItAndHoldsUpNobody() throws Exception {
        CompletableFuture<Context> first = answered(() -> description.check("AddTag", BODY));
        CompletableFuture<Context> second = answered(() -> description.check("AddTag", BODY));
        onLoop(description::prepare);
        assertThat(first).isNotDone();
        document.complete(Description.read());
        assertThat(first.get(1, TimeUnit.MINUTES)).isSameAs(loop);
        assertThat(second.get(1, TimeUnit.MINUTES)).isSameAs(loop);
        assertThat(readings).hasValue(1);
    }

    @Test
    void onceItIsReadNobodyWaits() throws Exception {
        document.complete(Description.read());
        answered(description::text).get(1, TimeUnit.MINUTES);
        onLoop(() -> {
            assertThat(description.check("AddTag", BODY).succeeded()).isTrue();
            assertThat(description.check("AddTag", new JsonObject()).cause()).isInstanceOf(Problem.Failure.class);
        });
    }

    @Test
    void aDocumentThatCannotBeReadFailsWhatNeedsIt() {
        document.completeExceptionally(new IllegalStateException("scripted"));
        assertThat(answered(description::text)).failsWithin(1, TimeUnit.MINUTES);
    }

    /** Completes with where the answer was given. */
    private <T> CompletableFuture<Context> answered(Supplier<Future<T>> asked) {
        CompletableFuture<Context> answered = new CompletableFuture<>();
        loop.runOnContext(now -> asked.get()
                .onSuccess(told -> answered.complete(Vertx.currentContext()))
                .onFailure(answered::completeExceptionally));
        return answered;
    }

    private void onLoop(Runnable work) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.runOnContext(now -> {
            try {
                work.run();
                done.complete(null);
            } catch (Throwable thrown) {
                done.completeExceptionally(thrown);
            }
        });
        done.get(1, TimeUnit.MINUTES);
    }
}
