package io.crmux.telemetry;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
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
    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss");
    private static final DateTimeFormatter ZONE = DateTimeFormatter.ofPattern("XXX");

    private final Consumer<Runnable> afterWait;
    private final StringBuilder lines = new StringBuilder();
    private boolean awaited;
    private long clockMillis = Long.MIN_VALUE;
    private String clock = "";
    private long second = Long.MIN_VALUE;
    private String secondText = "";
    private String zoneText = "";

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
        lines.append(clock(millis))
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

    /** The time as text. Many requests are answered in the same thousandth of a second. */
    private String clock(long millis) {
        if (millis != clockMillis) {
            long now = Math.floorDiv(millis, 1000L);
            if (now != second) {
                var local = Instant.ofEpochSecond(now).atZone(ZoneId.systemDefault());
                second = now;
                secondText = SECOND.format(local);
                zoneText = ZONE.format(local);
            }
            clockMillis = millis;
            clock = secondText
                    + '.'
                    + Long.toString(1000 + Math.floorMod(millis, 1000L)).substring(1)
                    + zoneText;
        }
        return clock;
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
