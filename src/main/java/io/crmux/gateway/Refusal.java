package io.crmux.gateway;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why the gateway itself does not do what it was asked. What the CRM refuses is a {@link io.crmux.crm.CrmException}. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final long STORE_RETRY_MILLIS = 5_000;

    /** The kinds, which the API gives a status and a type each. */
    public enum Reason {
        NOT_CACHED,
        CONTACT_NOT_FOUND,
        OPERATION_NOT_FOUND,
        TAG_UNKNOWN,
        TAG_AMBIGUOUS,
        TAG_READ_ONLY,
        /** What was asked for cannot be understood. */
        MALFORMED,
        /** A field of the body breaks a rule. */
        INVALID,
        STORE_UNAVAILABLE,
        OVERLOADED,
        /** A request with the same idempotency key is being accepted. */
        REQUEST_BUSY,
        /** Another request had the same idempotency key. */
        REQUEST_MISMATCH,
        /** The caller's deadline passed. */
        TIMEOUT
    }

    private final Reason reason;
    private final List<InputProblem> problems;
    private final @Nullable Long retryAfterMillis;

    public Refusal(Reason reason, String detail, List<InputProblem> problems, @Nullable Long retryAfterMillis) {
        super(detail, null, false, false);
        this.reason = reason;
        this.problems = List.copyOf(problems);
        this.retryAfterMillis = retryAfterMillis;
    }

    public static Refusal of(Reason reason, String detail) {
        return new Refusal(reason, detail, List.of(), null);
    }

    /** The store does not do what it should: nothing was accepted, and later it may be. */
    static Refusal storeUnavailable(String detail) {
        return new Refusal(Reason.STORE_UNAVAILABLE, detail, List.of(), STORE_RETRY_MILLIS);
    }

    public Reason reason() {
        return reason;
    }

    /** The message: never null. */
    public String detail() {
        String message = getMessage();
        return message == null ? "" : message;
    }

    public List<InputProblem> problems() {
        return problems;
    }

    /** When to try again, in milliseconds; null when that would not help. */
    public @Nullable Long retryAfterMillis() {
        return retryAfterMillis;
    }
}
