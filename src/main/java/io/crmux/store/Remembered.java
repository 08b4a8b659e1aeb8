package io.crmux.store;

import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request that was done, so that its repetition is not.
 *
 * @param fingerprint equal for equal requests: of method, path and body
 * @param operation the write that it made; null when it made none
 * @param answer what was answered, where that is not told by the operation's fate; null otherwise
 * @param at milliseconds since 1970
 */
public record Remembered(
        IdempotencyKey key,
        String fingerprint,
        @Nullable UUID operation,
        @Nullable JsonObject answer,
        long at) {}
