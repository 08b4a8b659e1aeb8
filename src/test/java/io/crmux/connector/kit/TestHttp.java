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

    private static final long MILLIS = 2_000;

    private final HttpClient client;
    private final Connector connector;
    private final Settings settings;
    private final @Nullable Transport transport;

    public TestHttp(Vertx vertx, Connector connector, Settings settings) {
        this.client = vertx.createHttpClient();
        this.connector = connector;
        this.settings = settings;
        this.transport =
                connector instanceof InMemory inMemory ? inMemory.transport(settings, VertxLoop.open(vertx)) : null;
    }

    @Override
    public Future<Answer> send(Call call, Request request) {
        Request signed = connector.descriptor().authentication().sign(request, settings, System.currentTimeMillis());
        return exchange(signed)
                .recover(failure -> Future.failedFuture(CrmException.unanswered(
                        failure instanceof TimeoutException ? CrmException.Kind.TIMEOUT : CrmException.Kind.UNAVAILABLE,
                        "no answer",
                        true)))
                .compose(answer -> {
                    Verdict verdict = connector.judge(request, answer);
                    return verdict.failure() == null
                            ? Future.succeededFuture(answer)
                            : Future.failedFuture(verdict.failure());
                });
    }

    private Future<Answer> exchange(Request signed) {
        if (transport != null) {
            return transport.exchange(signed, MILLIS);
        }
        RequestOptions options = new RequestOptions().setMethod(signed.method()).setAbsoluteURI(signed.uri());
        signed.headers().forEach(header -> options.putHeader(header.name(), header.value()));
        Buffer body = signed.body() == null ? Buffer.buffer() : signed.body();
        return client.request(options).compose(sending -> answer(sending, body)).timeout(MILLIS, TimeUnit.MILLISECONDS);
    }

    private static Future<Answer> answer(HttpClientRequest sending, Buffer body) {
        return sending.send(body).compose(TestHttp::whole);
    }

    private static Future<Answer> whole(HttpClientResponse response) {
        return response.body().map(body -> new Answer(response.statusCode(), response.headers(), body));
    }
}
