package io.crmux.store;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Prints how many changes a second are accepted durably, with 64 callers of which each waits for its last one, and how long a process that has just
 * started takes to recover what is pending. Arguments: {@code accept PATH CHANGES} (into a new store, left pending), then {@code recover PATH}.
 */
public final class StoreBenchmark {

    private static final int CALLERS = 64;

    private StoreBenchmark() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path path = Path.of(arguments[1]);
        if (arguments[0].equals("accept")) {
            accept(path, Integer.parseInt(arguments[2]));
        } else {
            recover(path);
        }
    }

    private static void accept(Path path, int changes) throws InterruptedException {
        SqliteStore store = SqliteStore.open(StoreOptions.DEFAULTS.at(path));
        AtomicLong left = new AtomicLong(changes);
        CountDownLatch done = new CountDownLatch(CALLERS);
        long began = System.nanoTime();
        for (int caller = 0; caller < CALLERS; caller++) {
            acceptNext(store, left, done);
        }
        done.await();
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf("accepted %d changes in %.2f s: %.0f a second%n", changes, seconds, changes / seconds);
        Awaiting.success(store.close());
    }

    private static void acceptNext(SqliteStore store, AtomicLong left, CountDownLatch done) {
        long number = left.getAndDecrement();
        if (number <= 0) {
            done.countDown();
            return;
        }
        store.accept(List.of(change(number))).onComplete(accepted -> {
            if (accepted.failed()) {
                accepted.cause().printStackTrace();
            }
            acceptNext(store, left, done);
        });
    }

    private static NewChange change(long number) {
        String contact = Long.toString(number % 20_000);
        ChangeBody body = number % 4 == 0
                ? new ChangeBody.Update(
                        new JsonObject().put("first_name", "Jane" + number).put("billing_city", "Oslo"), true)
                : new ChangeBody.Tags(List.of("customer", "course-" + number % 50), List.of());
        return new NewChange(
                new UUID(System.currentTimeMillis() << 16 | number & 0xffff, number),
                "main",
                contact,
                "user" + contact + "@example.com",
                body,
                System.currentTimeMillis());
    }

    private static void recover(Path path) {
        long began = System.nanoTime();
        SqliteStore store = SqliteStore.open(StoreOptions.DEFAULTS.at(path));
        long opened = System.nanoTime();
        Recovered recovered = Awaiting.success(store.recover("main"));
        long ended = System.nanoTime();
        System.out.printf(
                "opened in %.0f ms, recovered %d changes and %d aliases in %.0f ms%n",
                (opened - began) / 1e6,
                recovered.unsettled().size(),
                recovered.aliases().size(),
                (ended - opened) / 1e6);
        Awaiting.success(store.close());
    }
}
