package io.crmux.connector.kit;

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
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The way out for the contract kit: signs, sends once, lets the connector judge. No limits and no repetition, so that every call can be counted. */
public final class TestHttp implements Http {

    private static final long PATIENT = 60_000;
    private static final int MOST_BYTES = 10 << 20;

    private final HttpClient client;
    private final Connector connector;
    private final Settings settings;
    private final @Nullable Transport transport;

    private final long millis;

    /** With patience for a machine that has much else to do. */
    public TestHttp(Vertx vertx, Connector connector, Settings settings) {
        this(vertx, connector, settings, PATIENT);
    }

    /** @param millis from sending until the answer must be there */
    public TestHttp(Vertx vertx, Connector connector, Settings settings, long millis) {
        this.millis = millis;
        this.client = vertx.createHttpClient();
        this.connector = connector;
        this.settings = settings;
        this.transport =
                connector instanceof InMemory inMemory ? inMemory.transport(settings, VertxLoop.open(vertx)) : null;
    }

    @Override
    public Future<Answer> send(Call call, Request request) {
        Request signed = connector
                .descriptor()
                .authentication()
                .sign(request.basedOn(settings), settings, System.currentTimeMillis());
        return exchange(signed)
                .recover(failure -> Future.failedFuture(unanswered(failure)))
                .compose(answer -> {
                    Verdict verdict = connector.judge(request, answer);
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

    private Future<Answer> exchange(Request signed) {
        if (transport != null) {
            return transport.exchange(signed, millis);
        }
        RequestOptions options = new RequestOptions().setMethod(signed.method()).setAbsoluteURI(signed.uri());
        signed.headers().forEach(header -> options.putHeader(header.name(), header.value()));
        Buffer body = signed.body() == null ? Buffer.buffer() : signed.body();
        return client.request(options).compose(sending -> answer(sending, body)).timeout(millis, TimeUnit.MILLISECONDS);
    }

    private static Future<Answer> answer(HttpClientRequest sending, Buffer body) {
        return sending.send(body).compose(TestHttp::whole);
    }

    /** As much as the gateway reads, and no more. */
    private static Future<Answer> whole(HttpClientResponse response) {
        Buffer body = Buffer.buffer();
        Promise<Answer> whole = Promise.promise();
        response.handler(part -> {
            if (body.length() + part.length() > MOST_BYTES) {
                whole.tryFail(CrmException.unavailable("the answer is too long", response.statusCode()));
                response.request().reset();
            } else {
                body.appendBuffer(part);
            }
        });
        response.exceptionHandler(whole::tryFail);
        response.endHandler(end -> whole.tryComplete(new Answer(response.statusCode(), response.headers(), body)));
        return whole.future();
    }
}
