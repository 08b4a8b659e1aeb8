package io.crmux.crm;

import io.vertx.core.Future;

/**
 * The only way out to a CRM. It keeps the account's limits, authenticates, retries what may be repeated, and lets the connector
 * {@link Connector#judge judge} every answer.
 */
public interface Http {

    /**
     * Sends a request when its turn has come.
     *
     * @return an answer that was judged good; fails with a {@link CrmException} and with nothing else
     */
    Future<Answer> send(Call call, Request request);
}
