package io.crmux.gateway.fields;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Reads days and times: RFC 3339, and what WordPress and its plug-ins write ({@code 2026-01-31 08:00:00} and {@code 20260131}). A time without a zone is
 * UTC.
 */
final class Dates {

    private static final int DAY = 10;
    private static final int COMPACT_DAY = 8;

    private Dates() {}

    /** The day; of a time, the day that is written in it. */
    static LocalDate day(String text) throws Conversion.Unfit {
        try {
            return parseDay(text.trim());
        } catch (DateTimeException e) {
            throw new Conversion.Unfit("must be a day, such as 2026-01-31");
        }
    }

    /** The point in time; of a day, its beginning. */
    static Instant time(String text) throws Conversion.Unfit {
        try {
            return parseTime(text.trim());
        } catch (DateTimeException e) {
            throw new Conversion.Unfit("must be a day or a time, such as 2026-01-31 or 2026-01-31T08:00:00Z");
        }
    }

    private static LocalDate parseDay(String date) {
        if (date.length() == COMPACT_DAY) {
            return LocalDate.parse(date, DateTimeFormatter.BASIC_ISO_DATE);
        }
        if (date.length() > DAY) {
            parseTime(date);
            return LocalDate.parse(date.substring(0, DAY));
        }
        return LocalDate.parse(date);
    }

    private static Instant parseTime(String written) {
        String time = written.replace(' ', 'T');
        if (time.length() <= DAY) {
            return parseDay(time).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
        boolean zoned =
                time.endsWith("Z") || time.endsWith("z") || time.lastIndexOf('+') > DAY || time.lastIndexOf('-') > DAY;
        return zoned
                ? OffsetDateTime.parse(time).toInstant()
                : LocalDateTime.parse(time).toInstant(ZoneOffset.UTC);
    }
}
