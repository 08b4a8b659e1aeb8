package io.crmux.upstream;

import io.crmux.crm.Call;
import io.crmux.crm.Connector;
import io.crmux.crm.CrmException;
import io.crmux.crm.Deadline;
import io.crmux.crm.Http;
import io.crmux.crm.Lane;
import io.crmux.crm.LogIn;
import io.crmux.crm.Loop;
import io.crmux.crm.Operation;
import io.crmux.crm.Settings;
import io.crmux.crm.Trace;
import io.crmux.crm.Transport;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Opens a session as the connector says, with requests that are judged like all others, but neither signed nor counted. */
record LogInRenewal(LogIn logIn, Connector connector, Settings settings, Transport transport, Loop loop)
        implements Renewal {

    private static final long MILLIS = 10_000;

    @Override
    public Future<Held> renew(@Nullable Held held) {
        Call call = new Call(Lane.VISITOR, Deadline.in(loop, MILLIS), Operation.CONNECT, new Trace("log-in"));
        Http http = (circumstances, request) -> transport
                .exchange(request, Math.max(1, circumstances.deadline().leftMillis(loop)))
                .compose(answer -> {
                    CrmException failure = connector.judge(request, answer).failure();
                    return failure == null ? Future.succeededFuture(answer) : Future.failedFuture(failure);
                });
        return loop.bring(logIn.logIn(call, settings, http)).map(token -> Held.of(token, loop.millis()));
    }
}
