package io.crmux.process;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Asks at a fixed rate, however slow the answers are, and takes the time of each from the moment at which it was due: a server that stalls is charged for
 * all who would have asked meanwhile. The first {@value #WARM_UP_SECONDS} seconds are not counted, in which it becomes fast itself. Prints one line.
 */
final class OpenLoop {

    private static final long STEP_NANOS = 100_000;
    private static final int WARM_UP_SECONDS = 3;
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final HttpClient client;
    private final Context context;
    private final RequestOptions request;
    private final String before;
    private final String after;
    private final int uncounted;
    private final int first;
    private final int contacts;
    private final Random random = new Random(42);
    private final long[] micros;
    private int sent;
    private int ended;
    private int answered;
    private int ok;
    private int unavailable;
    private int withRetryAfter;

    /**
     * A run that has not begun.
     *
     * @param path with %d where the contact's number goes
     * @param contacts so many, chosen at random, from {@code first} on; 0 for each in turn, none twice
     */
    private OpenLoop(
            Vertx vertx,
            int port,
            String key,
            int connections,
            String path,
            int first,
            int contacts,
            int uncounted,
            int counted) {
        client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(true).setTcpNoDelay(true),
                new PoolOptions().setHttp1MaxSize(connections));
        context = vertx.getOrCreateContext();
        request = new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setMethod(HttpMethod.GET)
                .putHeader("authorization", "Bearer " + key);
        before = path.substring(0, path.indexOf("%d"));
        after = path.substring(before.length() + 2);
        this.uncounted = uncounted;
        this.first = first;
        this.contacts = contacts;
        micros = new long[counted];
    }

    /** @param arguments port, key, connections, rate a second, seconds, path, first contact, contacts */
    public static void main(String[] arguments) {
        double rate = Double.parseDouble(arguments[3]);
        double seconds = Double.parseDouble(arguments[4]);
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
        OpenLoop load = new OpenLoop(
                vertx,
                Integer.parseInt(arguments[0]),
                arguments[1],
                Integer.parseInt(arguments[2]),
                arguments[5],
                Integer.parseInt(arguments[6]),
                Integer.parseInt(arguments[7]),
                (int) (rate * WARM_UP_SECONDS),
                (int) (rate * seconds));
        System.out.println(load.run(rate));
        vertx.close().await();
    }

    private String run(double rate) {
        int most = uncounted + micros.length;
        long began = System.nanoTime();
        double perNano = rate / 1e9;
        for (int due = 0; due < most; ) {
            LockSupport.parkNanos(STEP_NANOS);
            int until = (int) Math.min(most, (System.nanoTime() - began) * perNano);
            if (until > due) {
                int from = due;
                context.runOnContext(now -> {
                    for (int i = from; i < until; i++) {
                        ask(i >= uncounted, began + (long) (i / perNano));
                    }
                });
                due = until;
            }
        }
        long end = System.nanoTime() + GRACE_NANOS;
        while (!isDone(most) && System.nanoTime() < end) {
            Waiting.briefly();
        }
        return line(rate);
    }

    private synchronized boolean isDone(int most) {
        return ended == most;
    }

    private void ask(boolean counts, long due) {
        int contact = contacts == 0 ? first + sent : first + random.nextInt(contacts);
        sent++;
        client.request(new RequestOptions(request).setURI(before + contact + after))
                .compose(asked -> asked.send())
                .compose(response -> response.body().map(body -> response))
                .onComplete(result -> ended(counts, due, result.succeeded() ? result.result() : null));
    }

    private synchronized void ended(boolean counts, long due, @Nullable HttpClientResponse response) {
        ended++;
        if (!counts) {
            return;
        }
        if (response == null) {
            return;
        }
        micros[answered++] = (System.nanoTime() - due) / 1000;
        ok += response.statusCode() == 200 ? 1 : 0;
        unavailable += response.statusCode() == 503 ? 1 : 0;
        withRetryAfter += response.statusCode() == 503 && response.getHeader("retry-after") != null ? 1 : 0;
    }

    private synchronized String line(double rate) {
        long[] sorted = Arrays.copyOf(micros, answered);
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                "rate %.0f sent %d ok %d unavailable %d with_retry_after %d other %d p50 %.2f p99 %.2f p99.9 %.2f max %.2f",
                rate,
                micros.length,
                ok,
                unavailable,
                withRetryAfter,
                micros.length - ok - unavailable,
                millis(sorted, 0.5),
                millis(sorted, 0.99),
                millis(sorted, 0.999),
                millis(sorted, 1));
    }

    private static double millis(long[] sorted, double part) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil(part * sorted.length) - 1] / 1000.0;
    }
}
