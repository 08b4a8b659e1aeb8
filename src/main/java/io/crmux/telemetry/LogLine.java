package io.crmux.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;

/**
 * A line of the log: when, how serious, by which class, and what; below it what was thrown, if anything was. In code, since to read a pattern takes a
 * twentieth of a start.
 */
final class LogLine extends LayoutBase<ILoggingEvent> {

    private static final int LEVEL_WIDTH = 5;

    private final LogTime times = new LogTime();

    @Override
    public String doLayout(ILoggingEvent event) {
        String level = event.getLevel().toString();
        String logger = event.getLoggerName();
        IThrowableProxy thrown = event.getThrowableProxy();
        return times.at(event.getTimeStamp())
                + ' '
                + level
                + " ".repeat(Math.max(0, LEVEL_WIDTH - level.length()) + 1)
                + logger.substring(logger.lastIndexOf('.') + 1)
                + ' '
                + event.getFormattedMessage()
                + System.lineSeparator()
                + (thrown == null ? "" : ThrowableProxyUtil.asString(thrown));
    }
}
