package io.crmux.crm;

import io.vertx.core.Future;

/** A CRM that queues writes as jobs which can be asked for: {@link Outcome.Accepted#job()} names one. */
public interface Jobs {

    /** How far a job is. Fails with {@link CrmException.Kind#NOT_FOUND} when the CRM does not know it, or no more. */
    Future<JobState> poll(Call call, String job);
}
