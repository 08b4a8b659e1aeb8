package io.crmux.crm;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowanceTest {

    private static List<Allowance> read(
            @Nullable String limit, @Nullable String remaining, @Nullable String reset, @Nullable String date) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        put(headers, "X-Limit", limit);
        put(headers, "X-Remaining", remaining);
        put(headers, "X-Reset", reset);
        put(headers, "Date", date);
        return Allowance.read(
                new Answer(200, headers, Buffer.buffer()),
                "ordinary",
                "x-limit",
                Duration.ofSeconds(1),
                "x-remaining",
                "x-reset");
    }

    private static void put(MultiMap headers, String name, @Nullable String value) {
        if (value != null) {
            headers.set(name, value);
        }
    }

    @Test
    void withoutWhatRemainsThereIsNothingToTell() {
        assertThat(read("5", null, null, null)).isEmpty();
        assertThat(read("5", "many", null, null)).isEmpty();
        assertThat(read(null, "3", null, null))
                .containsExactly(new Allowance("ordinary", null, Duration.ofSeconds(1), 3, null));
        assertThat(read("75, 75;w=1, 750;w=60", "3", null, null))
                .containsExactly(new Allowance("ordinary", 75, Duration.ofSeconds(1), 3, null));
    }

    /** 1700000000 is 2023-11-14T22:13:20Z. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "12                            | Tue, 14 Nov 2023 22:13:20 GMT | 12000",
                "432 seconds                   | Tue, 14 Nov 2023 22:13:20 GMT | 432000",
                "1700000030                    | Tue, 14 Nov 2023 22:13:20 GMT | 30000",
                "1700000030000                 | Tue, 14 Nov 2023 22:13:20 GMT | 30000",
                "1699999999                    | Tue, 14 Nov 2023 22:13:20 GMT | 0",
                "2023-11-14T22:13:50Z          | Tue, 14 Nov 2023 22:13:20 GMT | 30000",
                "Tue, 14 Nov 2023 22:14:20 GMT | Tue, 14 Nov 2023 22:13:20 GMT | 60000",
                "1700000030                    |                               |",
                "soon                          | Tue, 14 Nov 2023 22:13:20 GMT |",
            })
    void aResetIsATimeFromNowOrAPointInTime(String reset, @Nullable String date, @Nullable Long millis) {
        assertThat(read("5", "0", reset, date))
                .extracting(Allowance::resetMillis)
                .containsExactly(millis);
    }
}
