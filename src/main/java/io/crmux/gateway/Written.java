package io.crmux.gateway;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A write that was accepted: it is on disk.
 *
 * @param dropped keys that no field is mapped to
 * @param notMirrored the connections that mirror this one and do not get this write
 * @param repeated whether its request was done before: nothing was accepted now
 * @param fate where the caller waited and it was decided in time, and of a repeated request, decided or not; null otherwise
 */
public record Written(
        String operation,
        List<String> dropped,
        List<String> notMirrored,
        boolean repeated,
        @Nullable Fate fate) {}
