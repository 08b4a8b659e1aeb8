package io.crmux.command;

import io.crmux.store.Store;
import io.crmux.upstream.Counters;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Keeps what accounts must know after a restart in the store. */
final class StoredCounters implements Counters {

    private static final String KIND = "account";

    private final Store store;

    StoredCounters(Store store) {
        this.store = store;
    }

    @Override
    public Future<Optional<JsonObject>> recover(String account) {
        return store.kept(KIND)
                .map(kept -> Optional.ofNullable(kept.get(account)).map(JsonObject::new));
    }

    @Override
    public Future<Void> keep(String account, JsonObject counts) {
        return store.keep(KIND, account, counts.encode());
    }
}
