package io.crmux.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.Configurator;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogConfiguratorTest {

    @ParameterizedTest
    @CsvSource({"DEBUG,DEBUG", "warn,WARN", "nonsense,INFO", ",INFO"})
    void theLevelIsTheOneAskedFor(String asked, String level) {
        assertThat(LogConfigurator.level(asked)).isEqualTo(Level.valueOf(level));
    }

    @Test
    void logbackFindsIt() {
        assertThat(ServiceLoader.load(Configurator.class)).hasAtLeastOneElementOfType(LogConfigurator.class);
    }
}
