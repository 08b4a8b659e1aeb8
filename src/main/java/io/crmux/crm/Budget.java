package io.crmux.crm;

import io.vertx.core.Future;

/** What an account may still do, as the upstream counts. Any thread may ask. */
public interface Budget {

    /** As it was a moment ago. The same object until it changes, and costs nothing. */
    Standing standing();

    /** As it is now. */
    Future<Standing> now();
}
