package io.crmux.connector;

import io.crmux.crm.Answer;
import io.crmux.crm.CrmException;
import io.crmux.crm.CrmException.Kind;
import io.crmux.crm.Json;
import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What Salesforce says that went wrong: with a call, which answers an array of such, or with one record of many.
 *
 * @param code its own word for it; empty when there is none
 */
record SalesforceError(String code, String message) {

    static final String MISSING_FIELD = "REQUIRED_FIELD_MISSING";

    /** It is not told when a day's calls are there again, which are those of any 24 hours. */
    private static final long DAILY_WAIT = Duration.ofMinutes(15).toMillis();

    private static final Set<String> GONE = Set.of("NOT_FOUND", "ENTITY_IS_DELETED");
    private static final Set<String> ACCOUNT = Set.of("INVALID_SESSION_ID", "API_DISABLED_FOR_ORG");
    private static final Set<String> BUSY = Set.of("UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "QUERY_TIMEOUT");

    /** The first error of an answer; without a code where it is none of Salesforce's own. */
    static SalesforceError of(Answer answer) {
        try {
            return new JsonArray(answer.body())
                    .stream()
                            .filter(JsonObject.class::isInstance)
                            .findFirst()
                            .map(error -> of((JsonObject) error, "errorCode"))
                            .orElse(new SalesforceError("", ""));
        } catch (DecodeException | ClassCastException other) {
            return new SalesforceError("", "");
        }
    }

    /** The refusal of a call for one record as its outcome; other failures stay what they are. */
    static Future<Optional<SalesforceError>> ofOne(Throwable failure) {
        CrmException refusal = CrmException.of(failure);
        int colon = refusal.words().indexOf(": ");
        return refusal.kind().retry() || colon < 0
                ? Future.failedFuture(failure)
                : Future.succeededFuture(Optional.of(new SalesforceError(
                        refusal.words().substring(0, colon), refusal.words().substring(colon + 2))));
    }

    /** The first error of one of many records. */
    static SalesforceError ofRecord(JsonObject result) {
        return Json.objects(result, "errors")
                .findFirst()
                .map(error -> of(error, "statusCode"))
                .orElse(new SalesforceError("", ""));
    }

    private static SalesforceError of(JsonObject error, String code) {
        return new SalesforceError(text(error, code), text(error, "message"));
    }

    private static String text(JsonObject error, String key) {
        return error.getValue(key) instanceof String text ? text : "";
    }

    /** Whether a value is there already that may be there but once. */
    boolean isDuplicateValue() {
        return code.equals("DUPLICATE_VALUE");
    }

    /** Whether something that a row points to is not there: it is not told which. */
    boolean isOfReference() {
        return GONE.contains(code) || code.equals("INVALID_CROSS_REFERENCE_KEY") || code.equals("MALFORMED_ID");
    }

    boolean isKnown() {
        return !code.isEmpty();
    }

    /** The failure that it stands for. Who may not change one record may change others: only what concerns the whole account is about credentials. */
    CrmException failure(int status) {
        if (code.equals("REQUEST_LIMIT_EXCEEDED")) {
            return of(Kind.RATE_LIMITED, status)
                    .waiting(message.startsWith("TotalRequests") ? (Long) DAILY_WAIT : null);
        }
        if (GONE.contains(code)) {
            return of(Kind.NOT_FOUND, status);
        }
        if (ACCOUNT.contains(code)) {
            return of(Kind.UNAUTHORIZED, status);
        }
        if (BUSY.contains(code)) {
            return of(Kind.UNAVAILABLE, status);
        }
        return of(isDuplicateValue() || code.equals("DUPLICATES_DETECTED") ? Kind.DUPLICATE : Kind.INVALID, status);
    }

    /** The failure of one record of many that is there itself: what it points to may not be. */
    CrmException ofRecord() {
        return isOfReference() ? of(Kind.INVALID, 200) : failure(200);
    }

    private CrmException of(Kind kind, int status) {
        return CrmException.of(kind, code + ": " + message, status);
    }
}
