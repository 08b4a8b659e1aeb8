package io.crmux.command;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/** How dead letters are shown to people: a line each. What is wider than its column moves the rest of its line. */
final class DeadTable {

    private static final String LINE = "%-36s  %-32s  %-20s  %8s  %s";

    static final String HEAD = line("OPERATION", "CONTACT", "SINCE", "ATTEMPTS", "WHY");

    private DeadTable() {}

    static String row(JsonObject letter) {
        JsonObject problem = letter.getJsonObject("problem", new JsonObject());
        JsonObject crm = problem.getJsonObject("crm", new JsonObject());
        return line(
                letter.getString("operation"),
                Objects.requireNonNullElse(letter.getString("contact"), "-"),
                Instant.parse(letter.getString("since"))
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString(),
                letter.getInteger("attempts").toString(),
                problem.getString("type") + ": " + crm.getString("message", problem.getString("detail")));
    }

    private static String line(String operation, String contact, String since, String attempts, String why) {
        return printable(String.format(LINE, operation, contact, since, attempts, why));
    }

    /** A CRM's words may have anything in them: a terminal must not act on it. */
    static String printable(String text) {
        return text.replaceAll("\\p{Cc}+", " ");
    }
}
