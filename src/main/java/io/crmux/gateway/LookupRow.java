package io.crmux.gateway;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One visitor of many.
 *
 * @param id null unless known
 * @param tags empty unless known
 */
public record LookupRow(Address address, @Nullable String id, List<String> tags, State state) {

    /** What the row is worth. */
    public enum State {
        FRESH,
        STALE,
        MISSING,
        PENDING,
        FAILED
    }
}
