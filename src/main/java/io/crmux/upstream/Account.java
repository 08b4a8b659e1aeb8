package io.crmux.upstream;

import io.crmux.crm.Answer;
import io.crmux.crm.Budget;
import io.crmux.crm.Call;
import io.crmux.crm.Connector;
import io.crmux.crm.CrmException;
import io.crmux.crm.Lane;
import io.crmux.crm.Limit;
import io.crmux.crm.Loop;
import io.crmux.crm.Request;
import io.crmux.crm.Settings;
import io.crmux.crm.Standing;
import io.crmux.crm.Verdict;
import io.crmux.telemetry.Metrics;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outgoing side of one account: its queue, its limits, and what becomes of each call. Lives on one loop, so that the limits need no lock, and two
 * connections with the same credentials share one.
 */
final class Account implements Budget {

    private static final Logger LOG = LoggerFactory.getLogger("io.crmux.activity");
    private static final int MOST_WAITING = 100_000;
    private static final long CALL_MILLIS = 10_000;
    /** How long the CRM is left alone after it has limited us without saying for how long. */
    private static final long SILENCE_MILLIS = 1_000;
    /** How long after the first answer the length of the ways still differs much. */
    private static final long WARMING_NANOS = 10_000_000_000L;
    /** How soon after a change the account's standing is published, and how soon again without one. */
    private static final long PUBLISH_MILLIS = 100;

    private static final long LEAST_AGAIN_MILLIS = 500;
    private static final long MOST_AGAIN_MILLIS = 10_000;

    private final Loop loop;
    private final Connector connector;
    private final Metrics metrics;
    private final RandomGenerator random;
    private final Signing signing;
    private final Pacer pacer;
    private final CircuitBreaker breaker = new CircuitBreaker();
    private final RetryBudget retries = new RetryBudget();
    private final KeptCounts counts;
    private final Lanes lanes = new Lanes();
    private Loop.@Nullable Timer wake;
    private volatile Standing standing;
    private boolean willPublish;
    private boolean started;
    private long warmFrom = Long.MAX_VALUE;
    private boolean closed;

    Account(
            Loop loop,
            Connector connector,
            List<Limit> limits,
            int concurrent,
            Counters counters,
            String id,
            Metrics metrics,
            RandomGenerator random,
            Signing signing) {
        this.signing = signing;
        this.loop = loop;
        this.connector = connector;
        this.metrics = metrics;
        this.random = random;
        this.pacer = new Pacer(limits, concurrent);
        this.counts = new KeptCounts(loop, counters, id, pacer);
        this.standing = stand();
    }

    /** Begins to send, when it is known what was sent before a restart. */
    void start() {
        loop.run(() -> counts.recover().eventually(signing::recover).onComplete(recovered -> {
            started = true;
            standing = stand();
            changed();
            dispatch();
        }));
    }

    /** Sends no more, and keeps what must be known after a restart. */
    Future<Void> close() {
        Promise<Void> kept = Promise.promise();
        loop.run(() -> {
            closed = true;
            counts.end().onComplete(kept);
        });
        return kept.future();
    }

    /** Keeps these limits, too. */
    void alsoKeep(List<Limit> limits, int concurrent) {
        loop.run(() -> {
            pacer.alsoKeep(limits, concurrent);
            standing = stand();
        });
    }

    /** Sends a request when its turn has come. May be called on any thread. */
    Future<Answer> send(Way way, Call call, Request request) {
        Job job = new Job(way, call, request);
        loop.run(() -> enqueue(job));
        return job.promise().future();
    }

    /** There is a token, or there will not be one soon. */
    void signingChanged() {
        CrmException refusal = signing.refusal();
        if (refusal != null) {
            fail(lanes.takeAll(any -> true), any -> refusal);
        } else if (signing.trouble() != null) {
            fail(lanes.takeAll(this::isInTrouble), this::late);
        }
        dispatch();
    }

    int waiting(Lane lane) {
        return lanes.size(lane);
    }

    private long oldestNanos(Lane lane) {
        Long since = lanes.oldest(lane);
        return since == null ? 0 : loop.nanos() - since;
    }

    @Override
    public Standing standing() {
        return standing;
    }

    @Override
    public Future<Standing> now() {
        Promise<Standing> now = Promise.promise();
        loop.run(() -> now.complete(stand()));
        return now.future();
    }

    private Standing stand() {
        Map<Lane, Standing.Queue> queues = new EnumMap<>(Lane.class);
        for (Lane lane : Lane.values()) {
            queues.put(lane, new Standing.Queue(lanes.size(lane), oldestNanos(lane) / 1_000_000));
        }
        return new Standing(pacer.left(loop.nanos()), pacer.concurrent(), pacer.underWay(), breaker.isOpen(), queues);
    }

    /** Publishes how things stand in a moment, and then now and again until nobody waits and all calls are there again. */
    private void changed() {
        if (!willPublish) {
            willPublish = true;
            loop.after(PUBLISH_MILLIS, this::publish);
        }
    }

    private void publish() {
        Standing now = stand();
        standing = now;
        long opens = now.limits().stream()
                .mapToLong(Standing.Left::opensMillis)
                .filter(millis -> millis > 0)
                .min()
                .orElse(0);
        boolean waits = now.lanes().values().stream().anyMatch(queue -> queue.length() > 0);
        willPublish = opens > 0 || waits || now.underWay() > 0;
        if (willPublish) {
            loop.after(Math.max(LEAST_AGAIN_MILLIS, Math.min(MOST_AGAIN_MILLIS, opens)), this::publish);
        }
    }

    private void enqueue(Job job) {
        CrmException futile = futile(job);
        if (futile != null) {
            job.promise().fail(futile);
            return;
        }
        long left = job.call().deadline().leftMillis(loop);
        job.queued(loop.nanos(), loop.after(left, () -> {
            if (lanes.remove(job)) {
                job.promise().fail(late(job));
            }
        }));
        lanes.add(job, job.call().whenRaised(to -> loop.run(() -> raise(job))));
        changed();
        dispatch();
    }

    /** Why it need not wait for its turn; null when it may come in time. */
    private @Nullable CrmException futile(Job job) {
        if (lanes.size(job.call().lane()) >= MOST_WAITING) {
            return CrmException.unanswered(CrmException.Kind.UNAVAILABLE, "too many calls wait for their turn", false);
        }
        if (job.call().deadline().leftMillis(loop) <= 0) {
            return late(job);
        }
        CrmException refusal = signing.refusal();
        if (refusal != null) {
            return refusal;
        }
        if (isInTrouble(job)) {
            return late(job);
        }
        if (isHopeless(job)) {
            return hopeless(job);
        }
        return breaker.lets(loop.nanos()) ? null : broken(job);
    }

    private void raise(Job job) {
        if (lanes.remove(job)) {
            lanes.add(job, job.call().lane());
            dispatch();
        }
    }

    /** Whether its turn cannot come before its deadline, even if it were the next: who waits is better told now. */
    private boolean isHopeless(Job job) {
        return waitNanos(job, false) > job.call().deadline().at() - loop.nanos();
    }

    private CrmException hopeless(Job job) {
        long millis = waitNanos(job, false) / 1_000_000 + 1;
        return CrmException.unanswered(
                        CrmException.Kind.RATE_LIMITED,
                        "the CRM takes no more calls for " + (millis + 999) / 1000 + " s",
                        job.attempts() > 0)
                .waiting(millis);
    }

    private CrmException broken(Job job) {
        return CrmException.unanswered(
                        CrmException.Kind.UNAVAILABLE,
                        "the CRM fails, and is tried only now and then",
                        job.attempts() > 0)
                .waiting(breaker.waitNanos(loop.nanos()) / 1_000_000 + 1);
    }

    private long waitNanos(Job job, boolean evenly) {
        return pacer.waitNanos(job.request().bucket(), job.request().cost(), evenly, loop.nanos());
    }

    /** Whether there will be no token before its deadline. */
    private boolean isInTrouble(Job job) {
        CrmException trouble = signing.trouble();
        Long wait = trouble == null ? null : trouble.waitMillis();
        return wait != null && wait > job.call().deadline().leftMillis(loop);
    }

    private CrmException late(Job job) {
        CrmException trouble = signing.trouble();
        return trouble == null
                ? CrmException.unanswered(
                        CrmException.Kind.TIMEOUT, "its turn did not come before its deadline", job.attempts() > 0)
                : trouble;
    }

    private void dispatch() {
        assert loop.isHere();
        while (started && !closed && pacer.hasPlace() && !lanes.isEmpty() && signing.isReady()) {
            Job job = lanes.next(waiting -> waitNanos(waiting, true) == 0, waiting -> waitNanos(waiting, false) == 0);
            if (job == null) {
                wakeWhenOpen();
                return;
            }
            job.call().whenRaised(null);
            attempt(job);
        }
    }

    private void wakeWhenOpen() {
        long wait = lanes.soonest(job -> waitNanos(job, job.lane() != Lane.VISITOR));
        if (wake != null) {
            wake.cancel();
            wake = null;
        }
        if (wait > 0) {
            wake = loop.after(wait / 1_000_000 + 1, () -> {
                wake = null;
                dispatch();
            });
        }
    }

    private void attempt(Job job) {
        job.leaves();
        if (job.attempts() == 1) {
            retries.earn();
        }
        changed();
        long began = loop.nanos();
        List<SlidingLog.Mark> marks =
                pacer.begin(job.request().bucket(), job.request().cost(), began);
        counts.changed();
        long timeout = Math.max(1, Math.min(CALL_MILLIS, job.call().deadline().leftMillis(loop)));
        loop.bring(exchange(job, timeout, () -> leaves(marks))).onComplete(result -> {
            marks.forEach(mark -> mark.leaves(loop.nanos()));
            pacer.end();
            if (result.succeeded() && warmFrom == Long.MAX_VALUE) {
                warmFrom = loop.nanos() + WARMING_NANOS;
            }
            Verdict verdict = result.failed()
                    ? Verdict.failed(CrmException.of(result.cause()))
                    : judge(job.request(), result.result());
            CrmException failure = verdict.failure();
            verdict.allowances().forEach(told -> pacer.told(marks, told, loop.nanos()));
            log(job, result.result(), failure, loop.nanos() - began);
            count(job, failure);
            if (failure == null) {
                job.promise().complete(result.result());
            } else if (verdict.isExpired() && job.mayTryAnotherToken() && signing.expired(job.triesAnotherToken())) {
                enqueue(job);
            } else {
                failed(job, failure);
            }
            dispatch();
        });
    }

    /**
     * The first calls of a process may be much longer on their way than those after them, which find everything ready: they count until they are
     * answered, and their windows from then on.
     */
    private void leaves(List<SlidingLog.Mark> marks) {
        loop.run(() -> {
            if (loop.nanos() >= warmFrom) {
                marks.forEach(mark -> mark.leaves(loop.nanos()));
            }
        });
    }

    /** What a connector throws while it signs is a failure like any other. */
    private Future<Answer> exchange(Job job, long timeout, Runnable leaving) {
        Way way = job.way();
        Settings settings = signing.over(way.settings());
        return Future.succeededFuture(job.request())
                .map(request -> request.basedOn(settings))
                .map(request -> way.hosts().maySign(request) ? sign(job, request, settings) : request)
                .compose(signed -> way.transport().exchange(signed, timeout, leaving));
    }

    private Request sign(Job job, Request request, Settings settings) {
        job.signedWith(signing.generation());
        return connector.descriptor().authentication().sign(request, settings, loop.millis());
    }

    private Verdict judge(Request request, Answer answer) {
        try {
            return connector.judge(request, answer);
        } catch (RuntimeException e) {
            return Verdict.failed(CrmException.of(e));
        }
    }

    /** A CRM that limits us works. */
    private void count(Job job, @Nullable CrmException failure) {
        changed();
        boolean broken = failure != null
                && (failure.kind() == CrmException.Kind.UNAVAILABLE || failure.kind() == CrmException.Kind.TIMEOUT);
        if (broken && breaker.failed(loop.nanos())) {
            LOG.warn("{}: the CRM fails: one call in a while tries whether it is back", job.connection());
            fail(lanes.takeAll(any -> true), this::broken);
        } else if (!broken && breaker.succeeded(loop.nanos())) {
            LOG.info("{}: the CRM works again", job.connection());
        }
    }

    private static void fail(List<Job> jobs, Function<Job, CrmException> why) {
        jobs.forEach(job -> {
            job.waitsNoMore();
            job.promise().fail(why.apply(job));
        });
    }

    private void failed(Job job, CrmException failure) {
        Long wait = failure.waitMillis();
        boolean limited = failure.kind() == CrmException.Kind.RATE_LIMITED;
        if (limited || wait != null) {
            hold(job.request().bucket(), wait == null ? SILENCE_MILLIS : Math.min(Bucket.LONGEST_HELD_MILLIS, wait));
        }
        if (limited) {
            pacer.refused(job.request().bucket(), job.request().cost(), loop.nanos());
        }
        RetryRule.Decision decision = RetryRule.decide(
                job.request().repeatable(),
                failure,
                job.attempts(),
                job.call().lane(),
                job.call().deadline().leftMillis(loop),
                retries.hasLeft(),
                random);
        LOG.debug("{} {}", job.call().trace().id(), decision.why());
        if (decision.again()) {
            retries.spend();
            loop.after(decision.delayMillis(), () -> enqueue(job));
        } else {
            job.promise().fail(failure);
        }
    }

    private void hold(String bucket, long millis) {
        pacer.hold(bucket, loop.nanos() + millis * 1_000_000);
        if (millis > SILENCE_MILLIS) {
            counts.keep();
        }
        fail(lanes.takeAll(this::isHopeless), this::hopeless);
    }

    private void log(Job job, @Nullable Answer answer, @Nullable CrmException failure, long nanos) {
        String outcome = failure == null ? "ok" : failure.kind().name().toLowerCase(Locale.ROOT);
        String operation = job.call().operation().toString();
        metrics.upstreamCall(job.connection(), operation, outcome, nanos);
        LOG.debug(
                "{} {} {} {} {} {} {} attempt {} {} us",
                job.call().trace().id(),
                job.connection(),
                operation,
                job.request().method(),
                job.request().template(),
                answer == null ? "-" : answer.status(),
                outcome,
                job.attempts(),
                nanos / 1000);
    }
}
