package io.crmux.crm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an answer means.
 *
 * @param failure null when the answer is good
 * @param allowances what the answer tells of the account's limits, be it good or not
 */
public record Verdict(@Nullable CrmException failure, List<Allowance> allowances) {

    private static final Verdict OK = new Verdict(null, List.of());

    public Verdict {
        allowances = List.copyOf(allowances);
    }

    public static Verdict ok() {
        return OK;
    }

    public static Verdict failed(CrmException failure) {
        return new Verdict(failure, List.of());
    }

    /** The same, with what the answer tells of the account's limits. */
    public Verdict telling(List<Allowance> told) {
        return told.isEmpty() ? this : new Verdict(failure, told);
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
