package io.crmux.crm;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an answer tells of one of the account's limits.
 *
 * @param bucket which calls count: as in {@link Limit#bucket}
 * @param limit how many calls the window takes; null when it is not told
 * @param window null when it is not told
 * @param remaining how many more calls the CRM would take now
 * @param resetMillis until all of them are there again; null when it is not told
 */
public record Allowance(
        String bucket,
        @Nullable Integer limit,
        @Nullable Duration window,
        int remaining,
        @Nullable Long resetMillis) {

    private static final Pattern NUMBER = Pattern.compile("\\d{1,15}");
    private static final Pattern ONLY_NUMBER = Pattern.compile("\\s*\\d{1,15}(\\.\\d+)?( \\w+)?\\s*");
    /** Resets from here on are points in time: seconds, and from the next on milliseconds since 1970. */
    private static final long FIRST_EPOCH_SECOND = 1_000_000_000;

    private static final long FIRST_EPOCH_MILLI = 1_000_000_000_000L;

    /**
     * Reads the headers that most CRMs have, each with its own names.
     *
     * @param limit the header's name; its first number counts; null where the CRM's answers do not tell it, or what they tell is another limit's
     * @param window null where the CRM's answers do not tell it
     * @param reset the header's name: in seconds from now, or a point in time (in seconds or milliseconds since 1970, or as a date), which counts from
     *     the answer's own {@code Date}; null where there is none
     * @return empty when the answer does not have {@code remaining}
     */
    public static List<Allowance> read(
            Answer answer,
            String bucket,
            @Nullable String limit,
            @Nullable Duration window,
            String remaining,
            @Nullable String reset) {
        Long left = number(answer.headers().get(remaining));
        if (left == null) {
            return List.of();
        }
        Long calls = limit == null ? null : number(answer.headers().get(limit));
        Long resetMillis = reset == null
                ? null
                : reset(answer.headers().get(reset), answer.headers().get("date"));
        Integer known = calls == null || calls == 0 ? null : clamp(calls);
        return List.of(new Allowance(bucket, known, window, clamp(left), resetMillis));
    }

    private static int clamp(long number) {
        return (int) Math.min(Integer.MAX_VALUE, number);
    }

    private static @Nullable Long number(@Nullable String text) {
        if (text == null) {
            return null;
        }
        Matcher digits = NUMBER.matcher(text);
        return digits.find() ? Long.valueOf(digits.group()) : null;
    }

    private static @Nullable Long reset(@Nullable String text, @Nullable String date) {
        if (text == null) {
            return null;
        }
        Long number = ONLY_NUMBER.matcher(text).matches() ? number(text) : null;
        if (number != null && number < FIRST_EPOCH_SECOND) {
            return number * 1000;
        }
        Long now = instant(date);
        Long at = number == null ? instant(text) : Long.valueOf(number < FIRST_EPOCH_MILLI ? number * 1000 : number);
        return now == null || at == null ? null : Long.valueOf(Math.max(0, at - now));
    }

    private static @Nullable Long instant(@Nullable String text) {
        if (text == null) {
            return null;
        }
        for (DateTimeFormatter format :
                List.of(DateTimeFormatter.RFC_1123_DATE_TIME, DateTimeFormatter.ISO_OFFSET_DATE_TIME)) {
            try {
                return ZonedDateTime.parse(text, format).toInstant().toEpochMilli();
            } catch (DateTimeException other) {
                continue;
            }
        }
        return null;
    }
}
