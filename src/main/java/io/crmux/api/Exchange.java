package io.crmux.api;

import io.crmux.crm.Trace;
import io.crmux.telemetry.AccessLog;
import io.crmux.telemetry.Metrics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its answer: read once, answered once, logged once. */
final class Exchange {

    static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    static final CharSequence PROBLEM_JSON = HttpHeaders.createOptimized("application/problem+json");
    static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final int LONGEST_BODY = 1 << 20;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final String id;
    private final long began;
    private final Metrics metrics;
    private final AccessLog log;
    private final @Nullable Tempo tempo;
    private final @Nullable Context context = Vertx.currentContext();
    private @Nullable Buffer arrived;
    private String template = "-";
    private String keyName = "-";
    private boolean over;

    Exchange(HttpServerRequest request, String id, long began, Metrics metrics, AccessLog log) {
        this.request = request;
        this.response = request.response();
        this.id = id;
        this.began = began;
        this.metrics = metrics;
        this.log = log;
        this.tempo = Tempo.of(request.connection());
        response.headers().add(REQUEST_ID, id);
    }

    /** The handler is through with it, whether it is answered or not: the body is being read, or is of no interest. */
    void handled() {
        if (tempo == null || over || arrived != null) {
            return;
        }
        if (isWhole()) {
            tempo.arrived();
        } else {
            request.endHandler(end -> tempo.arrived());
        }
    }

    /** Whether nothing of the request can be missing: of most there is a head only. */
    private boolean isWhole() {
        return request.isEnded() || hasNoBody();
    }

    private boolean hasNoBody() {
        String length = header(HttpHeaders.CONTENT_LENGTH);
        return (length == null || length.equals("0")) && header(HttpHeaders.TRANSFER_ENCODING) == null;
    }

    HttpServerRequest request() {
        return request;
    }

    @Nullable
    String header(CharSequence name) {
        return request.headers().get(name);
    }

    HttpServerResponse response() {
        return response;
    }

    MultiMap headers() {
        return response.headers();
    }

    Trace trace() {
        return new Trace(id, keyName);
    }

    /** What logs and metrics call it. */
    void named(String pathTemplate) {
        template = pathTemplate;
    }

    /** Whose it is. */
    void by(ApiKey key) {
        keyName = key.name();
    }

    /** The name of the key that it came with. */
    String keyName() {
        return keyName;
    }

    /** As much of the body as was asked for and has arrived. */
    Buffer arrived() {
        return arrived == null ? Buffer.buffer() : arrived;
    }

    /** The body, as long as it is not too long. To be asked for before anything asynchronous is done. */
    Future<Buffer> body() {
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        arrived = body;
        request.handler(part -> {
            if (body.length() + part.length() <= LONGEST_BODY) {
                body.appendBuffer(part);
            } else if (!response.headWritten()) {
                response.putHeader(HttpHeaders.CONNECTION, "close");
                whole.tryFail(Problem.of(413, "too-large", "the body may have at most " + LONGEST_BODY + " bytes")
                        .failure());
            }
        });
        request.exceptionHandler(broken ->
                whole.tryFail(Problem.malformed("the body did not arrive whole").failure()));
        request.endHandler(end -> {
            if (tempo != null) {
                tempo.arrived();
            }
            whole.tryComplete(body);
        });
        return whole.future();
    }

    /** The body as a JSON object. */
    Future<JsonObject> json() {
        String type = header(HttpHeaders.CONTENT_TYPE);
        if (type == null || !isJson(type)) {
            return Future.failedFuture(Problem.of(415, "media-type", "the body must be application/json")
                    .failure());
        }
        return body().map(JsonBody::parse);
    }

    /** The body as a JSON object, or an empty object when there is none. */
    Future<JsonObject> optionalJson() {
        return hasNoBody() ? Future.succeededFuture(new JsonObject()) : json();
    }

    private static boolean isJson(String type) {
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).trim().equalsIgnoreCase("application/json");
    }

    /** Answers with JSON. */
    void json(int status, JsonObject json) {
        send(status, JSON, json.toBuffer());
    }

    /** Answers without a body. */
    void empty(int status) {
        here(() -> {
            over(status, 0);
            response.setStatusCode(status).end();
        });
    }

    /** Answers with a body: where most answers are given, without an object for what is to be done. */
    void send(int status, CharSequence type, Buffer body) {
        if (isHere()) {
            write(status, type, body);
        } else {
            here(() -> write(status, type, body));
        }
    }

    /**
     * The same outcome, on the request's own loop. What is answered on another one may reach the site before the server knows that it is answered, and
     * the request that follows at once is taken for a pipelined one.
     */
    <T> Future<T> here(Future<T> outcome) {
        Promise<T> told = Promise.promise();
        outcome.onComplete(result -> here(() -> told.handle(result)));
        return told.future();
    }

    private void here(Runnable answer) {
        if (context == null || isHere()) {
            answer.run();
        } else {
            context.runOnContext(hopped -> answer.run());
        }
    }

    private boolean isHere() {
        return context == Vertx.currentContext();
    }

    private void write(int status, CharSequence type, Buffer body) {
        response.setStatusCode(status);
        MultiMap headers = response.headers();
        headers.add(HttpHeaders.CONTENT_TYPE, type);
        headers.add(HttpHeaders.CONTENT_LENGTH, Decimals.ALONE.of(body.length()));
        over(status, body.length());
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(body);
        }
    }

    /** Answers with a problem. */
    void problem(Problem problem) {
        here(() -> tell(problem));
    }

    private void tell(Problem problem) {
        if (over || response.headWritten()) {
            return;
        }
        if (problem.retryAfterMillis() != null) {
            response.putHeader(
                    HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, (problem.retryAfterMillis() + 999) / 1000)));
        }
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        send(problem.status(), PROBLEM_JSON, problem.json(id).toBuffer());
    }

    /** Answers with the problem that a failure is. What was not foreseen is our own fault, and is logged with its cause. */
    void fail(Throwable failure) {
        fail(failure, Problems.of(failure));
    }

    /** The same, with a problem that was found already; null when the failure was not foreseen. */
    void fail(Throwable failure, @Nullable Problem foreseen) {
        if (foreseen != null) {
            problem(foreseen);
        } else {
            LOG.error("{} failed", id, failure);
            problem(Problem.of(500, "internal", "a fault of crmux: the log has it under this request id"));
        }
    }

    /** The answer is on its way, and streams on; the log counts it as answered when it is over. */
    void streamed(int status, long bytes) {
        over(status, bytes);
    }

    private void over(int status, long bytes) {
        if (over) {
            return;
        }
        over = true;
        if (tempo != null) {
            if (isWhole()) {
                tempo.answered();
            } else {
                request.endHandler(end -> tempo.answered());
            }
        }
        long nanos = System.nanoTime() - began;
        metrics.request(template, status, nanos);
        log.line(System.currentTimeMillis(), id, keyName, request.method().name(), template, status, bytes, nanos);
    }
}
