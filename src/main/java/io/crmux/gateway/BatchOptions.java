package io.crmux.gateway;

import java.time.Duration;

/**
 * How a connection's changes are gathered and how long they are tried.
 *
 * @param linger how long the first change of a batch waits for others
 * @param keep how long an undelivered change is tried before it is a dead letter
 */
public record BatchOptions(Duration linger, Duration keep) {

    public static final Duration DEFAULT_LINGER = Duration.ofMillis(200);
    public static final Duration DEFAULT_KEEP = Duration.ofDays(7);

    public static BatchOptions defaults() {
        return new BatchOptions(DEFAULT_LINGER, DEFAULT_KEEP);
    }
}
