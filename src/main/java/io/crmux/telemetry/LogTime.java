package io.crmux.telemetry;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Times as they stand in the logs: ISO 8601, in the zone of the machine, to the thousandth of a second. For one thread. Without a formatter of the
 * platform's: to load those takes longer than the rest of a log line.
 */
final class LogTime {

    private long millis = Long.MIN_VALUE;
    private String text = "";
    private long second = Long.MIN_VALUE;
    private String secondText = "";
    private String zoneText = "";

    /** A time in milliseconds since 1970 as text. Much happens in the same thousandth of a second. */
    String at(long now) {
        if (now != millis) {
            millis = now;
            note(Math.floorDiv(now, 1000L));
            text = secondText
                    + '.'
                    + Long.toString(1000 + Math.floorMod(now, 1000L)).substring(1)
                    + zoneText;
        }
        return text;
    }

    private void note(long now) {
        if (now != second) {
            ZoneOffset offset = ZoneId.systemDefault().getRules().getOffset(Instant.ofEpochSecond(now));
            LocalDateTime local = LocalDateTime.ofEpochSecond(now, 0, offset);
            second = now;
            secondText = local.toLocalDate()
                    + "T"
                    + twoDigits(local.getHour())
                    + ':'
                    + twoDigits(local.getMinute())
                    + ':'
                    + twoDigits(local.getSecond());
            zoneText = offset.getId();
        }
    }

    private static String twoDigits(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }
}
