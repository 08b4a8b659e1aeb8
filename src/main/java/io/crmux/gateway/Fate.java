package io.crmux.gateway;

import io.crmux.store.ChangeState;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * How far a write has come.
 *
 * @param contact as it can be put in a path: an id, or {@code email:} and an address; null where neither was known when a mirror got it, and of a
 *     staged tag
 * @param accepted milliseconds since 1970
 * @param since since when it is in this state: milliseconds since 1970
 * @param attempts how often delivery was tried
 * @param waitingFor what it waits for, in words; null when for nothing
 * @param problem when it is dead: {@code type} (as in the API), {@code detail}, and {@code crm} with {@code status} and {@code message}
 */
public record Fate(
        String operation,
        ChangeState state,
        @Nullable String contact,
        long accepted,
        long since,
        int attempts,
        @Nullable String waitingFor,
        @Nullable JsonObject problem) {}
