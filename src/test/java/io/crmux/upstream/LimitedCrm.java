package io.crmux.upstream;

import io.crmux.connector.Sandbox;
import io.crmux.crm.Allowance;
import io.crmux.crm.Answer;
import io.crmux.crm.Connector;
import io.crmux.crm.Crm;
import io.crmux.crm.Descriptor;
import io.crmux.crm.Http;
import io.crmux.crm.Limit;
import io.crmux.crm.ManualLoop;
import io.crmux.crm.Request;
import io.crmux.crm.Settings;
import io.crmux.crm.Transport;
import io.crmux.crm.Verdict;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A CRM in memory that counts calls in sliding windows at its own end, after a way whose length differs by up to 25 ms, and refuses what is too much.
 * It remembers when calls arrived, and when refusals came back.
 */
final class LimitedCrm implements Transport, Connector {

    private static final int WAY_MILLIS = 30;
    private static final int JITTER_MILLIS = 25;
    private static final int COLD_MILLIS = 5_000;

    private final ManualLoop loop;
    private final Random random;
    private final List<Window> windows;
    private final int concurrent;
    private final long began;
    private final List<Long> accepted = new ArrayList<>();
    private final List<Long> left = new ArrayList<>();
    private final List<Long> refusals = new ArrayList<>();
    private int workMillis = 100;
    private int mostOpeningMillis;
    private int coldMillis;
    private boolean tells;
    private @Nullable Integer retryAfterSeconds;
    private int open;
    private int mostOpen;
    private double openMillis;

    /** A limit, and the arrivals that still count. */
    private record Window(Limit limit, Deque<Long> times) {

        boolean isFull(long now) {
            while (!times.isEmpty() && times.peek() <= now - limit.window().toMillis()) {
                times.poll();
            }
            return times.size() >= limit.calls();
        }
    }

    LimitedCrm(ManualLoop loop, long seed, List<Limit> limits, int concurrent) {
        this.loop = loop;
        this.random = new Random(seed);
        this.concurrent = concurrent;
        this.began = loop.millis();
        this.windows = limits.stream()
                .map(limit -> new Window(limit, new ArrayDeque<>()))
                .toList();
    }

    /** Lets answers tell what is left of the first limit. */
    LimitedCrm telling() {
        tells = true;
        return this;
    }

    /** Lets refusals name a time. */
    LimitedCrm retryAfter(@Nullable Integer seconds) {
        retryAfterSeconds = seconds;
        return this;
    }

    LimitedCrm working(int millis) {
        workMillis = millis;
        return this;
    }

    /** Lets a connection be opened first for every tenth call, for up to so long. */
    LimitedCrm openingConnections(int mostMillis) {
        mostOpeningMillis = mostMillis;
        return this;
    }

    /** Lets calls of the first five seconds be up to so much longer on their way. */
    LimitedCrm coldlyBegun(int mostMillis) {
        coldMillis = mostMillis;
        return this;
    }

    /** When calls that were taken arrived. */
    List<Long> accepted() {
        return accepted;
    }

    /** When calls were sent. */
    List<Long> left() {
        return left;
    }

    /** When refusals came back. */
    List<Long> refusals() {
        return refusals;
    }

    int mostOpen() {
        return mostOpen;
    }

    /** How many were open on average. */
    double averageOpen() {
        return openMillis / loop.millis();
    }

    double openMillis() {
        return openMillis;
    }

    /** Somebody else calls, now. */
    void othersCall(int times) {
        for (int i = 0; i < times; i++) {
            windows.forEach(window -> {
                window.isFull(loop.millis());
                window.times().add(loop.millis());
            });
        }
    }

    @Override
    public Future<Answer> exchange(Request request, long timeoutMillis) {
        Promise<Answer> answer = Promise.promise();
        left.add(loop.millis());
        boolean isCold = coldMillis > 0 && loop.millis() < began + COLD_MILLIS;
        int longer = isCold ? random.nextInt(coldMillis) : 0;
        loop.after(WAY_MILLIS + random.nextInt(JITTER_MILLIS) + longer, () -> arrive(answer));
        return answer.future();
    }

    @Override
    public Future<Answer> exchange(Request request, long timeoutMillis, Runnable leaving) {
        if (mostOpeningMillis == 0 || random.nextInt(10) > 0) {
            leaving.run();
            return exchange(request, timeoutMillis);
        }
        Promise<Answer> answer = Promise.promise();
        loop.after(random.nextInt(mostOpeningMillis), () -> {
            leaving.run();
            exchange(request, timeoutMillis).onComplete(answer);
        });
        return answer.future();
    }

    private void arrive(Promise<Answer> answer) {
        long now = loop.millis();
        boolean full = open >= concurrent
                || windows.stream().filter(window -> window.isFull(now)).count() > 0;
        if (full) {
            loop.after(WAY_MILLIS, () -> {
                refusals.add(loop.millis());
                answer.complete(answer(429));
            });
            return;
        }
        windows.forEach(window -> window.times().add(now));
        accepted.add(now);
        open++;
        mostOpen = Math.max(mostOpen, open);
        Answer good = answer(200);
        loop.after(workMillis, () -> {
            open--;
            openMillis += workMillis;
            loop.after(WAY_MILLIS, () -> answer.complete(good));
        });
    }

    private Answer answer(int status) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        if (tells) {
            Window first = windows.get(0);
            first.isFull(loop.millis());
            headers.set("limit", Integer.toString(first.limit().calls()));
            headers.set(
                    "remaining",
                    Integer.toString(
                            Math.max(0, first.limit().calls() - first.times().size())));
        }
        if (status == 429 && retryAfterSeconds != null) {
            headers.set("retry-after", Integer.toString(retryAfterSeconds));
        }
        return new Answer(status, headers, Buffer.buffer("{}"));
    }

    @Override
    public Descriptor descriptor() {
        return new Sandbox().descriptor();
    }

    @Override
    public Verdict judge(Request request, Answer answer) {
        return Verdict.byStatus(answer, "")
                .telling(Allowance.read(
                        answer,
                        Limit.ORDINARY,
                        "limit",
                        windows.isEmpty() ? null : windows.get(0).limit().window(),
                        "remaining",
                        null));
    }

    @Override
    public Crm open(Settings settings, Http http) {
        throw new UnsupportedOperationException("calls are sent by hand");
    }
}
