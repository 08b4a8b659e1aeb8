package io.crmux.telemetry;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.ClassicConstants;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;
import org.jspecify.annotations.Nullable;

/**
 * How logs are written, unless the operator has a configuration of his own ({@code -Dlogback.configurationFile}). In code, since to read it from a file
 * would take a sixth of a start.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {

    private static final int LINES = 8192;
    private static final int ACCESS_MESSAGES = 1024;

    @Override
    public ExecutionStatus configure(LoggerContext logs) {
        if (isConfiguredElsewhere()) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        leaveOutStatusPrinter(logs);
        Logger root = logs.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(level(System.getenv("CRMUX_LOG")));
        root.addAppender(console(logs, "LINES", new LogLine(), LINES));
        Logger access = logs.getLogger("io.crmux.access");
        access.setAdditive(false);
        access.addAppender(console(logs, "ACCESS_LINES", new MessageAlone(), ACCESS_MESSAGES));
        logs.getLogger("io.netty").setLevel(Level.WARN);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Logback would load what prints its doubts about a configuration, to find that it has none about this one: a thirtieth of a start. */
    private static void leaveOutStatusPrinter(LoggerContext logs) {
        logs.getStatusManager().add(new NopStatusListener());
    }

    /** Tests have a file of their own. */
    private static boolean isConfiguredElsewhere() {
        return System.getProperty(ClassicConstants.CONFIG_FILE_PROPERTY) != null
                || LogConfigurator.class.getResource("/" + ClassicConstants.TEST_AUTOCONFIG_FILE) != null;
    }

    static Level level(@Nullable String asked) {
        return Level.toLevel(asked, Level.INFO);
    }

    /** A slow terminal must not hold an event loop up: lines are dropped rather than waited for. */
    private static AsyncAppender console(LoggerContext logs, String name, Layout<ILoggingEvent> layout, int places) {
        layout.setContext(logs);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(logs);
        encoder.setLayout(layout);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(logs);
        console.setName(name);
        console.setEncoder(encoder);
        console.start();
        AsyncAppender async = new AsyncAppender();
        async.setContext(logs);
        async.setName("ASYNC_" + name);
        async.setQueueSize(places);
        async.setDiscardingThreshold(0);
        async.setNeverBlock(true);
        async.addAppender(console);
        async.start();
        return async;
    }

    /** The access log's messages are many lines, each with its own time. */
    private static final class MessageAlone extends LayoutBase<ILoggingEvent> {

        @Override
        public String doLayout(ILoggingEvent event) {
            return event.getFormattedMessage() + System.lineSeparator();
        }
    }
}
