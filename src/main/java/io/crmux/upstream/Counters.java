package io.crmux.upstream;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Keeps what an account must still know after a restart: how much of its limits is spent, and until when its CRM wants no more. */
public interface Counters {

    /** What was last kept of an account; empty when nothing was. */
    Future<Optional<JsonObject>> recover(String account);

    /**
     * Keeps what there is to know of an account now, in place of what was kept before.
     *
     * @param account a hash: neither its settings nor its credentials can be told from it
     */
    Future<Void> keep(String account, JsonObject counts);

    /** Counters that are gone when the process ends. */
    static Counters inMemory() {
        return new KeptInMemory();
    }
}
