package io.crmux.connector.kit;

import io.crmux.crm.Allowance;
import io.crmux.crm.Answer;
import io.crmux.crm.Call;
import io.crmux.crm.Connector;
import io.crmux.crm.CrmException;
import io.crmux.crm.Http;
import io.crmux.crm.InMemory;
import io.crmux.crm.Request;
import io.crmux.crm.Settings;
import io.crmux.crm.Transport;
import io.crmux.crm.Verdict;
import io.crmux.crm.VertxLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** The way out for the contract kit: signs, sends once, lets the connector judge. No limits and no repetition, so that every call can be counted. */
public final class TestHttp implements Http {

    private static final long PATIENT = 60_000;

    private final Connector connector;
    private final Settings settings;
    private final Transport transport;

    private final long millis;
    private final AtomicInteger sent = new AtomicInteger();
    private final List<Allowance> told = new CopyOnWriteArrayList<>();

    /** With patience for a machine that has much else to do. */
    public TestHttp(Vertx vertx, Connector connector, Settings settings) {
        this(vertx, connector, settings, PATIENT);
    }

    /** @param millis from sending until the answer must be there */
    public TestHttp(Vertx vertx, Connector connector, Settings settings, long millis) {
        this.millis = millis;
        this.connector = connector;
        this.settings = settings;
        this.transport = connector instanceof InMemory inMemory
                ? inMemory.transport(settings, VertxLoop.open(vertx))
                : new Wire(vertx);
    }

    /** How many requests were sent. */
    public int sent() {
        return sent.get();
    }

    /** What the answers have told of limits, by the connector's reading. */
    public List<Allowance> told() {
        return List.copyOf(told);
    }

    @Override
    public Future<Answer> send(Call call, Request request) {
        sent.incrementAndGet();
        Request signed = connector
                .descriptor()
                .authentication()
                .sign(request.basedOn(settings), settings, System.currentTimeMillis());
        return transport
                .exchange(signed, millis)
                .recover(failure -> Future.failedFuture(unanswered(failure)))
                .compose(answer -> {
                    Verdict verdict = connector.judge(request, answer);
                    told.addAll(verdict.allowances());
                    return verdict.failure() == null
                            ? Future.succeededFuture(answer)
                            : Future.failedFuture(verdict.failure());
                });
    }

    private static CrmException unanswered(Throwable failure) {
        return failure instanceof CrmException ours
                ? ours
                : CrmException.unanswered(
                        failure instanceof TimeoutException ? CrmException.Kind.TIMEOUT : CrmException.Kind.UNAVAILABLE,
                        "no answer",
                        true);
    }
}
