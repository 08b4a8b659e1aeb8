package io.crmux.upstream;

import io.crmux.crm.Answer;
import io.crmux.crm.CrmException;
import io.crmux.crm.Request;
import io.crmux.crm.Transport;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * HTTP. Redirects are not followed, since they are answers that the connector is to judge. Vert.x's plain HTTP client and not its web client, since only
 * it lets an answer be cut off at a size.
 */
final class WebTransport implements Transport {

    private static final int MOST_BYTES = 10 << 20;

    private final Vertx vertx;
    private final HttpClient client;
    private final Hosts hosts;

    WebTransport(Vertx vertx, HttpClient client, Hosts hosts) {
        this.vertx = vertx;
        this.client = client;
        this.hosts = hosts;
    }

    @Override
    public Future<Answer> exchange(Request request, long timeoutMillis) {
        return exchange(request, timeoutMillis, () -> {});
    }

    @Override
    public Future<Answer> exchange(Request request, long timeoutMillis, Runnable leaving) {
        RequestOptions options;
        try {
            options = options(request);
        } catch (MalformedURLException | IllegalArgumentException e) {
            return Future.failedFuture(CrmException.unanswered(
                    CrmException.Kind.UNAVAILABLE, "the address of the CRM is no valid URL", false));
        }
        Attempt attempt = new Attempt();
        return checked(options, request)
                .compose(client::request)
                .recover(failure -> Future.failedFuture(unsent(failure)))
                .compose(sending -> attempt.send(sending, request.body(), leaving))
                .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(attempt.failed(failure)));
    }

    /**
     * A host that the settings do not name is looked up here, and the very address that was looked at is called: another look-up could answer otherwise.
     */
    private Future<RequestOptions> checked(RequestOptions options, Request request) {
        if (hosts.isNamed(request)) {
            return Future.succeededFuture(options);
        }
        if (!options.isSsl()) {
            return Future.failedFuture(refused("it is not called by https"));
        }
        return vertx.executeBlocking(() -> InetAddress.getAllByName(options.getHost()), false)
                .compose(addresses -> Stream.of(addresses).allMatch(Hosts::isPublic)
                        ? Future.succeededFuture(options.setServer(
                                SocketAddress.inetSocketAddress(options.getPort(), addresses[0].getHostAddress())))
                        : Future.failedFuture(refused("it is not in the public network")));
    }

    private static CrmException refused(String why) {
        return CrmException.unanswered(
                CrmException.Kind.UNAVAILABLE, "a host that the CRM named is not called: " + why, false);
    }

    /** A request on its way, and whether somebody still waits for its answer. */
    private static final class Attempt {

        private final Departure<HttpClientRequest> departure = new Departure<>();

        Future<Answer> send(HttpClientRequest connected, @Nullable Buffer body, Runnable leaving) {
            if (!departure.leaves(connected)) {
                connected.reset();
                return Future.failedFuture(tooLate(false));
            }
            leaving.run();
            // Asked for before it is sent: on another thread than the connection's, it could be over after that.
            Future<Answer> answer = connected.response().compose(WebTransport::read);
            if (body == null) {
                connected.send();
            } else {
                connected.send(body);
            }
            return answer;
        }

        CrmException failed(Throwable failure) {
            HttpClientRequest sent = departure.giveUp();
            if (sent != null) {
                sent.reset();
            }
            if (failure instanceof CrmException ours) {
                return ours;
            }
            return failure instanceof TimeoutException
                    ? tooLate(sent != null)
                    : CrmException.unanswered(
                            CrmException.Kind.UNAVAILABLE, "the connection broke: " + kind(failure), true);
        }

        private static CrmException tooLate(boolean sent) {
            return CrmException.unanswered(
                    CrmException.Kind.TIMEOUT, sent ? "no answer in time" : "no connection in time", sent);
        }
    }

    private static RequestOptions options(Request request) throws MalformedURLException {
        String uri = request.uri();
        URL url = URI.create(uri).toURL();
        boolean tls = url.getProtocol().equals("https");
        RequestOptions options = new RequestOptions()
                .setMethod(request.method())
                .setHost(url.getHost())
                .setPort(url.getPort() < 0 ? url.getDefaultPort() : url.getPort())
                .setSsl(tls)
                .setURI(url.getFile())
                .putHeader("accept", "application/json")
                .putHeader("user-agent", "crmux");
        MultiMap headers = options.getHeaders();
        request.headers().forEach(header -> headers.set(header.name(), header.value()));
        return options;
    }

    private static Future<Answer> read(HttpClientResponse response) {
        Buffer body = Buffer.buffer();
        Promise<Answer> whole = Promise.promise();
        response.handler(part -> {
            if (body.length() + part.length() > MOST_BYTES) {
                whole.tryFail(CrmException.unavailable("the answer is longer than 10 MiB", response.statusCode()));
            } else {
                body.appendBuffer(part);
            }
        });
        response.exceptionHandler(whole::tryFail);
        response.endHandler(end -> whole.tryComplete(new Answer(response.statusCode(), response.headers(), body)));
        return whole.future();
    }

    private static CrmException unsent(Throwable failure) {
        if (failure instanceof CrmException ours) {
            return ours;
        }
        return failure instanceof TimeoutException
                ? Attempt.tooLate(false)
                : CrmException.unanswered(CrmException.Kind.UNAVAILABLE, "no connection: " + kind(failure), false);
    }

    /** The class alone: messages of network failures hold addresses. */
    private static String kind(Throwable failure) {
        return failure.getClass().getSimpleName();
    }
}
