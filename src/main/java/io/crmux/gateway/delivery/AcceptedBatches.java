package io.crmux.gateway.delivery;

import io.crmux.crm.Call;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Deadline;
import io.crmux.crm.JobState;
import io.crmux.crm.Jobs;
import io.crmux.crm.Lane;
import io.crmux.crm.Loop;
import io.crmux.crm.Operation;
import io.crmux.crm.Trace;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the batches that the CRM has queued, until it has done them: by their job where there is one to poll, which may be that of many batches, else
 * by the time after which they are done. A job that the CRM does not know any more has failed: its batches are sent again.
 */
final class AcceptedBatches {

    private static final Logger LOG = LoggerFactory.getLogger(AcceptedBatches.class);
    private static final long FIRST_POLL_MILLIS = 1_000;
    private static final long LONGEST_WAIT_MILLIS = 30_000;
    private static final long CALL_MILLIS = 30_000;

    private final Loop loop;
    private final Crm crm;
    private final String connection;
    private final Ending whenEnded;
    private final Map<String, Watch> byJob = new HashMap<>();

    /** Is told of every batch that is over. */
    interface Ending {

        /**
         * A batch is over.
         *
         * @param failure null when it was done
         * @param inCompany whether its job had other batches as well
         */
        void ended(Prepared batch, @Nullable CrmException failure, boolean inCompany);
    }

    AcceptedBatches(Loop loop, Crm crm, String connection, Ending whenEnded) {
        this.loop = loop;
        this.crm = crm;
        this.connection = connection;
        this.whenEnded = whenEnded;
    }

    /**
     * Begins to watch a batch.
     *
     * @param job null where there is nothing to poll
     * @param until when it is done, without a job, or given up, with one; milliseconds since 1970
     */
    void watch(Prepared batch, @Nullable String job, long until) {
        if (job == null || !(crm instanceof Jobs jobs)) {
            loop.after(Math.max(1, until - loop.millis()), () -> whenEnded.ended(batch, null, false));
            return;
        }
        Watch watch = byJob.get(job);
        if (watch == null) {
            watch = new Watch(jobs, job);
            byJob.put(job, watch);
            watch.pollLater();
        }
        watch.batches.add(batch);
        watch.until = Math.max(watch.until, until);
    }

    /** One job and the batches that are in it. */
    private final class Watch {

        private final Jobs jobs;
        private final String job;
        private final List<Prepared> batches = new ArrayList<>();
        private long until;
        private long wait = FIRST_POLL_MILLIS;

        Watch(Jobs jobs, String job) {
            this.jobs = jobs;
            this.job = job;
        }

        void pollLater() {
            loop.after(wait, this::poll);
            wait = Math.min(LONGEST_WAIT_MILLIS, wait * 2);
        }

        private void poll() {
            Operation operation = batches.get(0).operation();
            Call call = new Call(Lane.WRITE, Deadline.in(loop, CALL_MILLIS), operation, new Trace("job-" + connection));
            loop.bring(Future.succeededFuture().compose(now -> jobs.poll(call, job)))
                    .onSuccess(this::told)
                    .onFailure(this::notTold);
        }

        private void told(JobState state) {
            if (state instanceof JobState.Ended ended) {
                end(batch -> ended.failure(batch.batch().contact()).orElse(null));
            } else if (state instanceof JobState.Reached reached) {
                reached(reached.ids());
            } else if (state instanceof JobState.Failed failed) {
                end(batch -> failed.failure());
            } else {
                goOn();
            }
        }

        private void reached(Set<String> ids) {
            List<Prepared> done = batches.stream()
                    .filter(batch -> isIn(ids, batch.batch().contact().id()))
                    .toList();
            batches.removeAll(done);
            List<Prepared> dropped = loop.millis() < until ? List.of() : List.copyOf(batches);
            if (batches.size() == dropped.size()) {
                byJob.remove(job);
            } else {
                pollLater();
            }
            done.forEach(batch -> whenEnded.ended(batch, null, true));
            CrmException why =
                    CrmException.of(CrmException.Kind.INVALID, "the CRM has dropped it without a word", null);
            dropped.forEach(batch -> whenEnded.ended(batch, why, true));
        }

        private static boolean isIn(Set<String> ids, @Nullable String id) {
            return id != null && ids.contains(id);
        }

        private void notTold(Throwable failure) {
            if (CrmException.of(failure).kind() == CrmException.Kind.NOT_FOUND) {
                end(batch -> CrmException.unavailable("the CRM does not know its job any more", null));
            } else {
                goOn();
            }
        }

        private void goOn() {
            if (loop.millis() >= until) {
                end(batch -> CrmException.unavailable("the CRM has queued it and not done it", null));
            } else {
                pollLater();
            }
        }

        private void end(Function<Prepared, @Nullable CrmException> fate) {
            LOG.debug("{}: a job of {} batches is over", connection, batches.size());
            byJob.remove(job);
            batches.forEach(batch -> whenEnded.ended(batch, fate.apply(batch), batches.size() > 1));
        }
    }
}
