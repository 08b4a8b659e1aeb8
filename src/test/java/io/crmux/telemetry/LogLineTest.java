package io.crmux.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Duration;
import java.util.List;
import java.util.TimeZone;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Held against the pattern that says the same. */
class LogLineTest {

    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} %msg%n";
    private static final long CENTURY_MILLIS = Duration.ofDays(36525).toMillis();
    private static final List<String> ZONES =
            List.of("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia");

    private final LoggerContext logs = new LoggerContext();

    @Property(tries = 1000)
    void aLineSaysWhatThePatternWould(
            @ForAll("times") List<Long> times,
            @ForAll("zones") String zone,
            @ForAll("levels") Level level,
            @ForAll("loggers") String logger,
            @ForAll boolean thrown) {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try {
            LogLine line = new LogLine();
            PatternLayout pattern = new PatternLayout();
            pattern.setContext(logs);
            pattern.setPattern(PATTERN);
            pattern.start();
            for (long time : times) {
                LoggingEvent event = event(time, level, logger, thrown);
                assertThat(line.doLayout(event)).isEqualTo(pattern.doLayout(event));
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    private LoggingEvent event(long time, Level level, String logger, boolean thrown) {
        Throwable failure = thrown ? new IllegalStateException("outer", new RuntimeException("inner")) : null;
        LoggingEvent event = new LoggingEvent(
                "", logs.getLogger(logger), level, "{} of {}", failure, new Object[] {"some", "words"});
        event.setTimeStamp(time);
        return event;
    }

    @Provide
    Arbitrary<List<Long>> times() {
        return Arbitraries.longs()
                .between(0, CENTURY_MILLIS)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    @Provide
    Arbitrary<String> zones() {
        return Arbitraries.of(ZONES);
    }

    @Provide
    Arbitrary<Level> levels() {
        return Arbitraries.of(Level.ERROR, Level.WARN, Level.INFO, Level.DEBUG, Level.TRACE);
    }

    @Provide
    Arbitrary<String> loggers() {
        return Arbitraries.of("io.crmux.gateway.Writes", "io.crmux.access", "alone");
    }
}
