package io.crmux.gateway;

import io.crmux.crm.Trace;

/**
 * How a write is to be treated.
 *
 * @param waitMillis how long the caller waits for its fate; 0 when not at all
 */
public record WriteOptions(long waitMillis, Trace trace) {}
