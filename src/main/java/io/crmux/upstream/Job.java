package io.crmux.upstream;

import io.crmux.crm.Answer;
import io.crmux.crm.Call;
import io.crmux.crm.Lane;
import io.crmux.crm.Loop;
import io.crmux.crm.Request;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/** A request on its way through the upstream. Touched only on its account's loop. */
final class Job {

    private static final int UNSIGNED = -1;

    private final Way way;
    private final Call call;
    private final Request request;
    private final Promise<Answer> promise = Promise.promise();
    private Lane lane;
    private long queuedAt;
    private int attempts;
    private int signedWith = UNSIGNED;
    private boolean hadAnotherToken;
    private Loop.@Nullable Timer deadline;

    Job(Way way, Call call, Request request) {
        this.way = way;
        this.call = call;
        this.request = request;
        this.lane = call.lane();
    }

    Way way() {
        return way;
    }

    String connection() {
        return way.connection();
    }

    Call call() {
        return call;
    }

    Request request() {
        return request;
    }

    Promise<Answer> promise() {
        return promise;
    }

    /** The lane in which it waits: the call's, until somebody raises that. */
    Lane lane() {
        return lane;
    }

    long queuedAt() {
        return queuedAt;
    }

    int attempts() {
        return attempts;
    }

    void signedWith(int generation) {
        signedWith = generation;
    }

    /** Whether another token may help: it is tried once. */
    boolean mayTryAnotherToken() {
        return signedWith != UNSIGNED && !hadAnotherToken;
    }

    /** @return the token that it was sent with */
    int triesAnotherToken() {
        hadAnotherToken = true;
        return signedWith;
    }

    void waitsIn(Lane to) {
        lane = to;
    }

    void queued(long nanos, Loop.Timer whenTooLate) {
        queuedAt = nanos;
        deadline = whenTooLate;
    }

    void leaves() {
        attempts++;
        waitsNoMore();
    }

    void waitsNoMore() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
    }
}
