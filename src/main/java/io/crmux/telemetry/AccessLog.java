package io.crmux.telemetry;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line per request: no address, no contact, no secret is in it. Switched off by setting the logger {@code io.crmux.access} to WARN. One for each event loop.
 *
 * <p>A request from memory takes less time than a line in a log: lines are gathered for a tenth of a second, and are one message to the logger then. So each
 * has its own time in it.
 */
public final class AccessLog {

    /** How long a line may wait, in milliseconds. */
    public static final long WAIT_MILLIS = 100;

    private static final Logger LOG = LoggerFactory.getLogger("io.crmux.access");
    private static final int FULL = 16 << 10;

    private final Consumer<Runnable> afterWait;
    private final StringBuilder lines = new StringBuilder();
    private final LogTime times = new LogTime();
    private boolean awaited;

    /**
     * A log without lines.
     *
     * @param afterWait runs a task on the same thread after {@link #WAIT_MILLIS}
     */
    public AccessLog(Consumer<Runnable> afterWait) {
        this.afterWait = afterWait;
    }

    /** Notes an answer that was given at a time in milliseconds since 1970, and took nanoseconds. */
    public void line(
            long millis,
            String requestId,
            String key,
            String method,
            String template,
            int status,
            long bytes,
            long nanos) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        if (!lines.isEmpty()) {
            lines.append('\n');
        }
        lines.append(times.at(millis))
                .append(" INFO  access ")
                .append(requestId)
                .append(' ')
                .append(key)
                .append(' ')
                .append(method)
                .append(' ')
                .append(template)
                .append(' ')
                .append(status)
                .append(' ')
                .append(bytes)
                .append(' ')
                .append(nanos / 1000)
                .append("us");
        if (lines.length() >= FULL) {
            flush();
        } else if (!awaited) {
            awaited = true;
            afterWait.accept(this::waited);
        }
    }

    private void waited() {
        awaited = false;
        flush();
    }

    /** Hands on what has been gathered. */
    public void flush() {
        if (!lines.isEmpty()) {
            LOG.info(lines.toString());
            lines.setLength(0);
        }
    }
}
