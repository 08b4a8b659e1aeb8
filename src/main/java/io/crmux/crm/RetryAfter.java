package io.crmux.crm;

import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Reads the header {@code Retry-After}, in seconds or as a date (RFC 9110, section 10.2.3). */
public final class RetryAfter {

    private RetryAfter() {}

    /**
     * How long the CRM wants to be left alone, in milliseconds; null when it does not say. A date counts from the answer's own {@code Date}, so that
     * clocks that differ do no harm.
     */
    public static @Nullable Long millis(Answer answer) {
        String value = answer.headers().get("retry-after");
        if (value == null) {
            return null;
        }
        try {
            return Math.max(0, Math.round(Double.parseDouble(value.trim()) * 1000));
        } catch (NumberFormatException notSeconds) {
            return untilDate(value.trim(), answer.headers().get("date"));
        }
    }

    private static @Nullable Long untilDate(String value, @Nullable String now) {
        if (now == null) {
            return null;
        }
        try {
            return Math.max(0, instant(value) - instant(now));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static long instant(String date) {
        return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant()
                .toEpochMilli();
    }
}
