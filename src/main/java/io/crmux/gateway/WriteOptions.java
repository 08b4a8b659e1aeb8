package io.crmux.gateway;

import io.crmux.crm.Trace;
import org.jspecify.annotations.Nullable;

/**
 * How a write is to be treated.
 *
 * @param waitMillis how long the caller waits for its fate; 0 when not at all
 * @param request what makes its repetition known; null when it may be done twice
 */
public record WriteOptions(
        long waitMillis, Trace trace, @Nullable RequestKey request) {

    /** A write that may be done twice. */
    public WriteOptions(long waitMillis, Trace trace) {
        this(waitMillis, trace, null);
    }
}
