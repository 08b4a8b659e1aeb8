package io.crmux.telemetry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line per request: no address, no contact, no secret is in it. Switched off by setting the logger {@code io.crmux.access} to WARN. */
public final class AccessLog {

    private static final Logger LOG = LoggerFactory.getLogger("io.crmux.access");

    private AccessLog() {}

    /** Notes an answer. */
    public static void line(
            String requestId, String key, String method, String template, int status, long bytes, long nanos) {
        if (LOG.isInfoEnabled()) {
            LOG.info("{} {} {} {} {} {} {}us", requestId, key, method, template, status, bytes, nanos / 1000);
        }
    }
}
