package io.crmux.api;

import io.crmux.gateway.InputProblem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is not answered as it was meant: a problem document (RFC 9457).
 *
 * @param type stable, for programs
 * @param detail for people
 * @param errors what is wrong with which part of the request
 * @param crm the CRM's own status and words; null when it has said nothing
 * @param retryAfterMillis null when trying again does not help
 */
record Problem(
        int status,
        String type,
        String detail,
        List<InputProblem> errors,
        @Nullable JsonObject crm,
        @Nullable Long retryAfterMillis) {

    static Problem of(int status, String type, String detail) {
        return new Problem(status, type, detail, List.of(), null, null);
    }

    static Problem malformed(String detail) {
        return of(400, "malformed", detail);
    }

    static Problem notFound(String what) {
        return of(404, "not-found", "there is no such " + what);
    }

    JsonObject json(String requestId) {
        JsonObject json = new JsonObject()
                .put("type", type)
                .put("title", type.replace('-', ' '))
                .put("status", status)
                .put("detail", detail)
                .put("request", requestId);
        if (!errors.isEmpty()) {
            JsonArray list = new JsonArray();
            errors.forEach(error ->
                    list.add(new JsonObject().put("pointer", error.pointer()).put("problem", error.problem())));
            json.put("errors", list);
        }
        if (crm != null) {
            json.put("crm", crm);
        }
        return json;
    }

    /** The same as an exception, to end a chain with. */
    Failure failure() {
        return new Failure(this);
    }

    /** A problem on its way up. */
    static final class Failure extends RuntimeException {

        private static final long serialVersionUID = 1L;
        private final transient Problem problem;

        private Failure(Problem problem) {
            super(problem.detail(), null, false, false);
            this.problem = problem;
        }

        Problem problem() {
            return problem;
        }
    }
}
