package io.crmux.crm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an answer means.
 *
 * @param failure null when the answer is good
 * @param allowances what the answer tells of the account's limits, be it good or not
 * @param isExpired whether the token that the request was signed with is good no more: another is got, and the request sent again
 */
public record Verdict(@Nullable CrmException failure, List<Allowance> allowances, boolean isExpired) {

    private static final Verdict OK = new Verdict(null, List.of(), false);

    public Verdict {
        allowances = List.copyOf(allowances);
    }

    public static Verdict ok() {
        return OK;
    }

    /** A failure. Rejected credentials are an expired token where the status is 401. */
    public static Verdict failed(CrmException failure) {
        boolean isExpired = failure.kind() == CrmException.Kind.UNAUTHORIZED
                && Integer.valueOf(401).equals(failure.crmStatus());
        return new Verdict(failure, List.of(), isExpired);
    }

    /** A failure that means that the token is good no more, whatever the status. */
    public static Verdict expired(CrmException failure) {
        return new Verdict(failure, List.of(), true);
    }

    /** The same, with what the answer tells of the account's limits. */
    public Verdict telling(List<Allowance> told) {
        return told.isEmpty() ? this : new Verdict(failure, told, isExpired);
    }

    /**
     * What HTTP says that a status means, for connectors to fall back on when their CRM means nothing else.
     *
     * @param message the CRM's own words, as far as the connector found any
     */
    public static Verdict byStatus(Answer answer, String message) {
        int status = answer.status();
        if (status >= 200 && status < 300) {
            return ok();
        }
        CrmException.Kind kind = switch (status) {
            case 401, 402, 403 -> CrmException.Kind.UNAUTHORIZED;
            case 404, 410 -> CrmException.Kind.NOT_FOUND;
            case 409 -> CrmException.Kind.DUPLICATE;
            case 408, 425 -> CrmException.Kind.UNAVAILABLE;
            case 429 -> CrmException.Kind.RATE_LIMITED;
            default -> status >= 400 && status < 500 ? CrmException.Kind.INVALID : CrmException.Kind.UNAVAILABLE;
        };
        CrmException failure = CrmException.of(kind, message, status);
        return failed(
                kind == CrmException.Kind.RATE_LIMITED || kind == CrmException.Kind.UNAVAILABLE
                        ? failure.waiting(RetryAfter.millis(answer))
                        : failure);
    }
}
