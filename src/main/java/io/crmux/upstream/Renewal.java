package io.crmux.upstream;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** How the next token is got from the CRM. */
interface Renewal {

    /**
     * Gets it, with one try.
     *
     * @param held the one before; null for none
     * @return fails with a {@link io.crmux.crm.CrmException}: of kind INVALID when what is held is good for nothing any more, of kind UNAUTHORIZED when the
     *     settings are not accepted, and of others when it may work the next time
     */
    Future<Held> renew(@Nullable Held held);
}
