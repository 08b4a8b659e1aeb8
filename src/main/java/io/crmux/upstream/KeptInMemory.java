package io.crmux.upstream;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps counts or tokens until the process ends. */
final class KeptInMemory implements Counters, TokenStore {

    private final Map<String, JsonObject> kept = new ConcurrentHashMap<>();

    @Override
    public Future<Optional<JsonObject>> recover(String name) {
        return Future.succeededFuture(Optional.ofNullable(kept.get(name)));
    }

    @Override
    public Future<Void> keep(String name, JsonObject value) {
        kept.put(name, value);
        return Future.succeededFuture();
    }
}
