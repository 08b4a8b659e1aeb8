package io.crmux.upstream;

import io.crmux.crm.Answer;
import io.crmux.crm.Call;
import io.crmux.crm.Connector;
import io.crmux.crm.CrmException;
import io.crmux.crm.Deadline;
import io.crmux.crm.Http;
import io.crmux.crm.Lane;
import io.crmux.crm.LogIn;
import io.crmux.crm.Loop;
import io.crmux.crm.Operation;
import io.crmux.crm.Request;
import io.crmux.crm.Trace;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Opens a session as the connector says, with requests that are judged like all others, but neither signed nor counted. */
record LogInRenewal(LogIn logIn, Connector connector, Way way, Loop loop) implements Renewal {

    private static final long MILLIS = 10_000;

    @Override
    public Future<Held> renew(@Nullable Held held) {
        Call call = new Call(Lane.VISITOR, Deadline.in(loop, MILLIS), Operation.CONNECT, new Trace("log-in"));
        Http http = (circumstances, request) -> way.hosts().maySign(request)
                ? exchange(circumstances, request)
                : Future.failedFuture(CrmException.unanswered(
                        CrmException.Kind.UNAUTHORIZED, "the log-in goes to a host that is not the CRM's own", false));
        return loop.bring(logIn.logIn(call, way.settings(), http)).map(token -> Held.of(token, loop.millis()));
    }

    private Future<Answer> exchange(Call call, Request request) {
        return way.transport()
                .exchange(request, Math.max(1, call.deadline().leftMillis(loop)))
                .compose(answer -> {
                    CrmException failure = connector.judge(request, answer).failure();
                    return failure == null ? Future.succeededFuture(answer) : Future.failedFuture(failure);
                });
    }
}
