package io.crmux.api;

import io.crmux.crm.CrmException;
import io.crmux.gateway.Fate;
import io.crmux.gateway.Refusal;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which failure of the core is which problem. A CRM's own status never becomes ours unexplained. */
final class Problems {

    private static final long RETRY_MILLIS = 5_000;
    private static final Map<String, Integer> STATUS_OF_DEAD = Map.of(
            "contact-not-found", 404,
            "unsupported", 501,
            "expired", 503);

    private Problems() {}

    /** The problem for a failure; null when it is nothing that was foreseen. */
    static @Nullable Problem of(Throwable failure) {
        if (failure instanceof Problem.Failure ours) {
            return ours.problem();
        }
        if (failure instanceof Refusal refusal) {
            return of(refusal);
        }
        return failure instanceof CrmException crm ? of(crm) : null;
    }

    private static Problem of(Refusal refusal) {
        return switch (refusal.reason()) {
            case NOT_CACHED -> of(refusal, 504, "not-cached");
            case CONTACT_NOT_FOUND -> of(refusal, 404, "contact-not-found");
            case OPERATION_NOT_FOUND -> of(refusal, 404, "not-found");
            case TAG_UNKNOWN -> of(refusal, 422, "tag-unknown");
            case TAG_AMBIGUOUS -> of(refusal, 422, "tag-ambiguous");
            case TAG_READ_ONLY -> of(refusal, 422, "tag-read-only");
            case MALFORMED -> of(refusal, 400, "malformed");
            case INVALID -> of(refusal, 422, "invalid");
            case STORE_UNAVAILABLE -> of(refusal, 503, "store-unavailable");
            case REQUEST_BUSY -> of(refusal, 409, "idempotency-busy");
            case REQUEST_MISMATCH -> of(refusal, 422, "idempotency-mismatch");
            case OVERLOADED -> of(refusal, 503, "overloaded");
            case TIMEOUT -> of(refusal, 504, "crm-timeout");
        };
    }

    private static Problem of(Refusal refusal, int status, String type) {
        return new Problem(status, type, refusal.detail(), refusal.problems(), null, refusal.retryAfterMillis());
    }

    private static Problem of(CrmException failure) {
        int status = failure.kind().status();
        return switch (failure.kind()) {
            case NOT_FOUND -> of(failure, status, "contact-not-found", "the CRM has no such contact", null);
            case DUPLICATE -> of(failure, status, "duplicate", "the CRM has another contact like this", null);
            case INVALID -> of(failure, status, "invalid", "the CRM refuses this as invalid", null);
            case MALFORMED -> Problem.malformed(failure.words());
            case UNAUTHORIZED -> of(failure, status, "crm-credentials", "the CRM rejects our credentials", null);
            case RATE_LIMITED -> of(failure, status, "crm-unavailable", "the CRM limits us", wait(failure));
            case UNAVAILABLE -> of(failure, status, "crm-unavailable", "the CRM is not available", wait(failure));
            case TIMEOUT -> of(failure, status, "crm-timeout", "the CRM has not answered in time", null);
            case UNSUPPORTED -> of(failure, status, "unsupported", "the CRM cannot do this", null);
        };
    }

    /** @param meaning what to say of words that are the CRM's own; ours say it themselves */
    private static Problem of(
            CrmException failure, int status, String type, String meaning, @Nullable Long retryAfterMillis) {
        boolean ours = !failure.isInWordsOfTheCrm() && !failure.words().isEmpty();
        JsonObject crm = failure.crmsOwn();
        return new Problem(
                status,
                type,
                ours ? failure.words() : meaning,
                List.of(),
                crm.isEmpty() ? null : crm,
                retryAfterMillis);
    }

    private static Long wait(CrmException failure) {
        Long wait = failure.waitMillis();
        return wait == null ? RETRY_MILLIS : wait;
    }

    /** In connect alone, rejected credentials are the caller's input. */
    static @Nullable Problem ofConnect(Throwable failure) {
        Problem problem = of(failure);
        return problem != null && problem.type().equals("crm-credentials")
                ? new Problem(422, "invalid", problem.detail(), List.of(), problem.crm(), null)
                : problem;
    }

    /** The problem of a write that will never be delivered. */
    static Problem ofDead(Fate fate) {
        JsonObject why = fate.problem() == null ? new JsonObject() : fate.problem();
        String type = why.getString("type", "invalid");
        return new Problem(
                STATUS_OF_DEAD.getOrDefault(type, 422),
                type,
                why.getString("detail", ""),
                List.of(),
                why.getJsonObject("crm"),
                null);
    }
}
