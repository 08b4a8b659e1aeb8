package io.crmux.connector.kit;

import io.crmux.crm.Answer;
import io.crmux.crm.CrmException;
import io.crmux.crm.Request;
import io.crmux.crm.Transport;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.TimeUnit;

/** HTTP, for tests: what is to be sent is sent once, and the answer comes whole. */
final class Wire implements Transport {

    private static final int MOST_BYTES = 10 << 20;

    private final HttpClient client;

    Wire(Vertx vertx) {
        this.client = vertx.createHttpClient();
    }

    @Override
    public Future<Answer> exchange(Request signed, long millis) {
        RequestOptions options = new RequestOptions().setMethod(signed.method()).setAbsoluteURI(signed.uri());
        signed.headers().forEach(header -> options.putHeader(header.name(), header.value()));
        Buffer body = signed.body() == null ? Buffer.buffer() : signed.body();
        return client.request(options).compose(sending -> answer(sending, body)).timeout(millis, TimeUnit.MILLISECONDS);
    }

    private static Future<Answer> answer(HttpClientRequest sending, Buffer body) {
        Future<Answer> answer = sending.response().compose(Wire::whole);
        sending.send(body);
        return answer;
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
