package io.crmux.crm;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The one failure of everything that has to do with a CRM. Expected, and so without a stack trace.
 */
public final class CrmException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Whose fault it is. */
    public enum Blame {
        CALLER,
        OPERATOR,
        CRM
    }

    /** What went wrong, the status with which the gateway answers it, whether time may heal it, and whose fault it is. */
    public enum Kind {
        NOT_FOUND(404, false, Blame.CALLER),
        DUPLICATE(422, false, Blame.CALLER),
        INVALID(422, false, Blame.CALLER),
        /** The request itself cannot be read, whatever the CRM holds. */
        MALFORMED(400, false, Blame.CALLER),
        UNAUTHORIZED(502, true, Blame.OPERATOR),
        RATE_LIMITED(503, true, Blame.CRM),
        UNAVAILABLE(503, true, Blame.CRM),
        TIMEOUT(504, true, Blame.CRM),
        UNSUPPORTED(501, false, Blame.CALLER);

        private final int status;
        private final boolean retry;
        private final Blame blame;

        Kind(int status, boolean retry, Blame blame) {
            this.status = status;
            this.retry = retry;
            this.blame = blame;
        }

        /** The HTTP status with which the gateway answers. */
        public int status() {
            return status;
        }

        /** Whether the same thing may succeed later. */
        public boolean retry() {
            return retry;
        }

        public Blame blame() {
            return blame;
        }
    }

    private final Kind kind;
    private final @Nullable Integer crmStatus;
    private final @Nullable Long waitMillis;
    private final @Nullable String existingId;
    private final boolean sent;
    private final boolean inWordsOfTheCrm;

    private CrmException(
            Kind kind,
            String message,
            @Nullable Integer crmStatus,
            @Nullable Long waitMillis,
            @Nullable String existingId,
            boolean sent,
            boolean inWordsOfTheCrm) {
        super(message, null, false, false);
        this.kind = kind;
        this.crmStatus = crmStatus;
        this.waitMillis = waitMillis;
        this.existingId = existingId;
        this.sent = sent;
        this.inWordsOfTheCrm = inWordsOfTheCrm;
    }

    /**
     * A failure that an answer stands for, or, without a status, one that the connector knows without asking.
     *
     * @param message the CRM's own words, without secrets; the connector's where there is no status
     * @param crmStatus the status of its answer
     */
    public static CrmException of(Kind kind, String message, @Nullable Integer crmStatus) {
        return new CrmException(kind, message, crmStatus, null, null, true, crmStatus != null);
    }

    /** Any failure as one of ours: what a connector did not foresee is {@link Kind#UNAVAILABLE}, since trying again is safe and giving up is not. */
    public static CrmException of(Throwable failure) {
        return failure instanceof CrmException ours
                ? ours
                : new CrmException(
                        Kind.UNAVAILABLE,
                        "unexpected: " + failure.getClass().getSimpleName(),
                        null,
                        null,
                        null,
                        true,
                        false);
    }

    public static CrmException notFound(String message) {
        return of(Kind.NOT_FOUND, message, null);
    }

    /**
     * An answer that is none, or one that is not to be had.
     *
     * @param message what is wrong with it, in words of ours
     * @param crmStatus null when there was no answer
     */
    public static CrmException unavailable(String message, @Nullable Integer crmStatus) {
        return new CrmException(Kind.UNAVAILABLE, message, crmStatus, null, null, true, false);
    }

    /**
     * The network failed, or the time was up.
     *
     * @param sent whether the CRM may have seen the request
     */
    public static CrmException unanswered(Kind kind, String message, boolean sent) {
        return new CrmException(kind, message, null, null, null, sent, false);
    }

    /** For a cursor that no page has ended with. */
    public static CrmException malformedCursor() {
        return of(Kind.MALFORMED, "the cursor must be one that a page has ended with", null);
    }

    public static CrmException unsupported(Operation operation) {
        return of(Kind.UNSUPPORTED, "this CRM has no " + operation, null);
    }

    /**
     * The same, with the time for which the CRM wants to be left alone.
     *
     * @param millis null when it does not say
     */
    public CrmException waiting(@Nullable Long millis) {
        return new CrmException(kind, words(), crmStatus, millis, existingId, sent, inWordsOfTheCrm);
    }

    /** The same, with the id of the contact that is in the way. */
    public CrmException existing(@Nullable String id) {
        return new CrmException(kind, words(), crmStatus, waitMillis, id, sent, inWordsOfTheCrm);
    }

    public Kind kind() {
        return kind;
    }

    /** The message: never null. */
    public String words() {
        String message = getMessage();
        return message == null ? "" : message;
    }

    /** Whether {@link #words()} are the CRM's own, and not crmux's or the connector's. */
    public boolean isInWordsOfTheCrm() {
        return inWordsOfTheCrm;
    }

    /** What the CRM itself has said, for problem documents: {@code status} and {@code message}; empty when it has not answered. */
    public JsonObject crmsOwn() {
        JsonObject own = new JsonObject();
        if (crmStatus != null) {
            own.put("status", crmStatus);
        }
        return inWordsOfTheCrm ? own.put("message", words()) : own;
    }

    /** The status of the CRM's answer; null when there was none. */
    public @Nullable Integer crmStatus() {
        return crmStatus;
    }

    /** How long the CRM wants to be left alone, in milliseconds; null when it does not say. */
    public @Nullable Long waitMillis() {
        return waitMillis;
    }

    /** For {@link Kind#DUPLICATE}: the id of the contact that is in the way; null when the CRM does not tell. */
    public @Nullable String existingId() {
        return existingId;
    }

    /** Whether nobody knows if the CRM has done what it was asked: no answer came, or one of a server in trouble. */
    public boolean isUnclear() {
        return sent && (kind == Kind.TIMEOUT || kind == Kind.UNAVAILABLE);
    }

    /** Whether the CRM may have seen the request. */
    public boolean sent() {
        return sent;
    }
}
