package io.crmux.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AccessLogTest {

    private static final long MILLIS = 1_700_000_000_007L;

    private final Logger logger = (Logger) LoggerFactory.getLogger("io.crmux.access");
    private final ListAppender<ILoggingEvent> told = new ListAppender<>();
    private final List<Runnable> later = new ArrayList<>();
    private final AccessLog log = new AccessLog(later::add);

    @BeforeEach
    void listen() {
        told.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(told);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(told);
        logger.setLevel(null);
    }

    private void answer(long millis, int status) {
        log.line(millis, "id-1", "website", "GET", "/v1/{connection}/tags", status, 57, 12_345);
    }

    private List<String> lines() {
        return told.list.stream()
                .flatMap(event -> event.getFormattedMessage().lines())
                .toList();
    }

    @Test
    void linesAreGatheredAndHandedOnTogether() {
        answer(MILLIS, 200);
        answer(MILLIS + 1000, 304);
        assertThat(told.list).isEmpty();
        assertThat(later).as("one timer for both").hasSize(1);
        later.get(0).run();
        assertThat(told.list).hasSize(1);
        assertThat(lines()).hasSize(2);
        assertThat(lines().get(0)).endsWith(" INFO  access id-1 website GET /v1/{connection}/tags 200 57 12us");
        assertThat(lines().get(1)).endsWith(" 304 57 12us");
        answer(MILLIS, 200);
        assertThat(later).as("a timer for what came later").hasSize(2);
    }

    @Test
    void eachLineHasItsOwnTime() {
        answer(MILLIS, 200);
        answer(MILLIS + 123, 200);
        answer(MILLIS + 61_000, 200);
        log.flush();
        assertThat(lines().stream()
                        .map(line -> OffsetDateTime.parse(line.substring(0, line.indexOf(' ')))
                                .toInstant()
                                .toEpochMilli()))
                .containsExactly(MILLIS, MILLIS + 123, MILLIS + 61_000);
    }

    @Test
    void manyLinesDoNotWait() {
        for (int i = 0; i < 1000; i++) {
            answer(MILLIS, 200);
        }
        assertThat(told.list).isNotEmpty();
        log.flush();
        assertThat(lines()).hasSize(1000);
    }

    @Test
    void switchedOffItGathersNothing() {
        logger.setLevel(Level.WARN);
        answer(MILLIS, 200);
        assertThat(later).isEmpty();
        logger.setLevel(Level.INFO);
        log.flush();
        assertThat(told.list).isEmpty();
    }
}
