package io.crmux.store;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * How far one change has come.
 *
 * @param attempts how often its delivery was tried
 * @param at when this was so: milliseconds since 1970
 * @param waitingFor what it waits for, in words; null when for nothing
 * @param problem why it is dead: {@code type}, {@code detail} and {@code crm}; null otherwise
 * @param settled whether it is over and done with: it is not recovered any more
 */
public record Progress(
        long seq,
        ChangeState state,
        int attempts,
        long at,
        @Nullable String waitingFor,
        @Nullable JsonObject problem,
        boolean settled) {}
