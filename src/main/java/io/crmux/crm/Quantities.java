package io.crmux.crm;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The notation of durations, rates and sizes in the configuration. */
public final class Quantities {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,15})(ms|s|m|h|d)");
    private static final Pattern RATE = Pattern.compile("(\\d{1,9})/(\\d{0,9})(ms|s|m|h|d|second|minute|hour|day)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})(B|KB|MB|GB|TB)");

    private Quantities() {}

    /**
     * {@code 200ms}, {@code 15m}, {@code 7d}.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Duration duration(String text) {
        Matcher parts = DURATION.matcher(text.trim());
        if (!parts.matches()) {
            throw new IllegalArgumentException("expected a duration such as 200ms, 30s, 15m, 24h or 7d");
        }
        return of(Long.parseLong(parts.group(1)), parts.group(2));
    }

    /**
     * {@code 5/s}, {@code 100/10s}, {@code 10000/day}.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Limit rate(String text) {
        Matcher parts = RATE.matcher(text.trim());
        if (!parts.matches()) {
            throw new IllegalArgumentException("expected a rate such as 5/s, 100/10s or 10000/day");
        }
        int calls = Integer.parseInt(parts.group(1));
        Duration window = of(parts.group(2).isEmpty() ? 1 : Long.parseLong(parts.group(2)), parts.group(3));
        if (calls == 0 || window.isZero()) {
            throw new IllegalArgumentException("expected a rate of at least one call in a window longer than nothing");
        }
        return Limit.of(calls, window);
    }

    /** A limit in the same notation, without its bucket: {@code 100/10s}. */
    public static String text(Limit limit) {
        long millis = limit.window().toMillis();
        for (String unit : List.of("d", "h", "m", "s")) {
            long one = of(1, unit).toMillis();
            if (millis % one == 0) {
                return limit.calls() + "/" + (millis == one ? "" : millis / one) + unit;
            }
        }
        return limit.calls() + "/" + millis + "ms";
    }

    /**
     * {@code 256MB}, in bytes; a KB is 1024 bytes.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static long size(String text) {
        Matcher parts = SIZE.matcher(text.trim());
        if (!parts.matches()) {
            throw new IllegalArgumentException("expected a size such as 512KB, 256MB or 10GB");
        }
        int power = switch (parts.group(2)) {
            case "B" -> 0;
            case "KB" -> 1;
            case "MB" -> 2;
            case "GB" -> 3;
            default -> 4;
        };
        return Math.multiplyExact(Long.parseLong(parts.group(1)), 1L << (10 * power));
    }

    private static Duration of(long number, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "s", "second" -> Duration.ofSeconds(number);
            case "m", "minute" -> Duration.ofMinutes(number);
            case "h", "hour" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
