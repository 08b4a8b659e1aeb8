package io.crmux.store;

import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Prints how many changes a second are accepted durably, with 64 callers of which each waits for its last one, and how long a process that has just
 * started takes to recover what is pending, and how much heap that takes. Processor time is printed, too: it means something on a busy machine. Arguments: {@code accept PATH CHANGES} (into a new store, left pending), then {@code recover PATH}.
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
        long[] micros = new long[changes + 1];
        long began = System.nanoTime();
        for (int caller = 0; caller < CALLERS; caller++) {
            acceptNext(store, left, done, micros);
        }
        done.await();
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf("accepted %d changes in %.2f s: %.0f a second%n", changes, seconds, changes / seconds);
        System.out.printf(
                "processor time of the writer: %.1f us a change%n", processorMillis("writer") * 1e3 / changes);
        Arrays.sort(micros);
        System.out.printf(
                "latency: p50 %d us, p99 %d us, p99.9 %d us, longest %d us%n",
                micros[changes / 2], micros[changes / 100 * 99], micros[changes / 1000 * 999], micros[changes]);
        Awaiting.success(store.close());
    }

    private static void acceptNext(SqliteStore store, AtomicLong left, CountDownLatch done, long[] micros) {
        long number = left.getAndDecrement();
        if (number <= 0) {
            done.countDown();
            return;
        }
        long began = System.nanoTime();
        store.accept(List.of(change(number))).onComplete(accepted -> {
            micros[(int) number] = (System.nanoTime() - began) / 1000;
            if (accepted.failed()) {
                accepted.cause().printStackTrace();
            }
            acceptNext(store, left, done, micros);
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

    private static double processorMillis(String thread) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (ThreadInfo each : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (each != null && each.getThreadName().equals("crmux-store-" + thread)) {
                return threads.getThreadCpuTime(each.getThreadId()) / 1e6;
            }
        }
        return 0;
    }

    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static void recover(Path path) {
        long began = System.nanoTime();
        SqliteStore store = SqliteStore.open(StoreOptions.DEFAULTS.at(path));
        long opened = System.nanoTime();
        @Nullable Recovered recovered = Awaiting.success(Recovered.of(store, "main"));
        long ended = System.nanoTime();
        System.out.printf(
                "opened in %.0f ms, recovered %d changes and %d aliases in %.0f ms%n",
                (opened - began) / 1e6,
                recovered.unsettled().size(),
                recovered.aliases().size(),
                (ended - opened) / 1e6);
        System.out.printf("processor time of the reader: %.0f ms%n", processorMillis("reader"));
        int changes = recovered.unsettled().size();
        long with = heap();
        Reference.reachabilityFence(recovered);
        recovered = null;
        System.out.printf("heap: %.0f bytes a change%n", (with - heap()) / (double) changes);
        Awaiting.success(store.close());
    }
}
