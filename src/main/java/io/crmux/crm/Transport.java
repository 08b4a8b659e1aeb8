package io.crmux.crm;

import io.vertx.core.Future;

/** How one request gets to a CRM and its answer back: HTTP, or a connector's own way where the CRM is in memory. */
@FunctionalInterface
public interface Transport {

    /**
     * Sends a request that is complete and signed, once.
     *
     * @param timeoutMillis from now until the answer must be there, whole
     * @return whatever came back, unjudged; fails with {@link CrmException#unanswered} when nothing did
     */
    Future<Answer> exchange(Request request, long timeoutMillis);

    /**
     * The same, where it matters when the request leaves: a connection may have to be opened first.
     *
     * @param leaving is told, on any thread, when the request leaves; never where it does not
     */
    default Future<Answer> exchange(Request request, long timeoutMillis, Runnable leaving) {
        leaving.run();
        return exchange(request, timeoutMillis);
    }
}
