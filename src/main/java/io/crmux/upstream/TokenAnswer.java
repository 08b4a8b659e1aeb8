package io.crmux.upstream;

import io.crmux.crm.Answer;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.RetryAfter;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a token endpoint has answered: RFC 6749, and how vendors differ from it. */
final class TokenAnswer {

    private static final int LONGEST_WORDS = 200;
    /** What is held is good for nothing any more. The first is the standard's; HubSpot and Zoho have words of their own. */
    private static final Set<String> LOST =
            Set.of("invalid_grant", "BAD_REFRESH_TOKEN", "BAD_AUTH_CODE", "invalid_code", "invalid_token");

    private static final Set<String> FOR_NOW = Set.of("temporarily_unavailable", "server_error", "slow_down");

    private final Answer answer;
    private final JsonObject json;
    private final List<String> secrets;

    /** @param secrets that were sent: no message shows them */
    TokenAnswer(Answer answer, List<String> secrets) {
        this.answer = answer;
        this.json = json(answer);
        this.secrets = secrets;
    }

    private static JsonObject json(Answer answer) {
        try {
            return new JsonObject(answer.body());
        } catch (DecodeException | ClassCastException e) {
            return new JsonObject();
        }
    }

    /** A member as text; null when there is none. */
    @Nullable
    String text(String name) {
        Object value = json.getValue(name);
        boolean isScalar = value instanceof String || value instanceof Number || value instanceof Boolean;
        return isScalar && !String.valueOf(value).isEmpty() ? String.valueOf(value) : null;
    }

    /** Why there is no token; null when there is one. A status of 200 alone says nothing. */
    @Nullable
    CrmException failure() {
        int status = answer.status();
        boolean isGood = status >= 200 && status < 300;
        if (isGood && text("access_token") != null) {
            return null;
        }
        Kind kind = kind(status, isGood);
        CrmException failure = CrmException.of(kind, words(), status);
        return kind == Kind.RATE_LIMITED || kind == Kind.UNAVAILABLE
                ? failure.waiting(RetryAfter.millis(answer))
                : failure;
    }

    private Kind kind(int status, boolean isGood) {
        if (status == 429) {
            return Kind.RATE_LIMITED;
        }
        boolean isRefusal =
                (status >= 400 && status < 500 && status != 408 && status != 425) || (isGood && !codes().isEmpty());
        if (!isRefusal || codes().stream().anyMatch(FOR_NOW::contains)) {
            return Kind.UNAVAILABLE;
        }
        return codes().stream().anyMatch(LOST::contains) ? Kind.INVALID : Kind.UNAUTHORIZED;
    }

    /** The error's name, wherever it stands. */
    private List<String> codes() {
        return Stream.of(text("error"), text("status"), first("type"))
                .filter(Objects::nonNull)
                .map(String::valueOf)
                .toList();
    }

    private @Nullable String first(String member) {
        Object errors = json.getValue("errors");
        return errors instanceof JsonArray list && !list.isEmpty() && list.getValue(0) instanceof JsonObject error
                ? error.getString(member)
                : null;
    }

    private String words() {
        Object fault = json.getValue("fault");
        String words = Stream.of(
                        text("error"),
                        text("error_description"),
                        text("message"),
                        first("message"),
                        fault instanceof JsonObject told ? told.getString("faultstring") : null)
                .filter(Objects::nonNull)
                .map(String::valueOf)
                .distinct()
                .reduce((one, other) -> one + ": " + other)
                .orElse("HTTP " + answer.status() + " without a reason");
        for (String secret : secrets) {
            words = words.replace(secret, "***");
        }
        return printable(words);
    }

    /** Words of others for a message and the log: not too long, and in one line. */
    static String printable(String words) {
        String printable = words.replaceAll("\\p{Cntrl}", " ");
        return printable.length() <= LONGEST_WORDS ? printable : printable.substring(0, LONGEST_WORDS);
    }
}
