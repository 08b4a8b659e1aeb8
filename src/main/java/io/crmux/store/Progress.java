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
 * @param result what came of it: of a delivered creation {@code id} and {@code how}; of another delivered one {@code id}, where that became known after
 *     its acceptance; of an accepted one {@code job} and {@code until} (milliseconds since 1970); of one that was replayed {@code replayed_as}, the
 *     operation that took its place; null otherwise
 * @param settled whether it is over and done with: it is not recovered any more
 */
public record Progress(
        long seq,
        ChangeState state,
        int attempts,
        long at,
        @Nullable String waitingFor,
        @Nullable JsonObject problem,
        @Nullable JsonObject result,
        boolean settled) {

    /** Progress with no result. */
    public Progress(
            long seq,
            ChangeState state,
            int attempts,
            long at,
            @Nullable String waitingFor,
            @Nullable JsonObject problem,
            boolean settled) {
        this(seq, state, attempts, at, waitingFor, problem, null, settled);
    }
}
