package io.crmux.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.Ghost;
import io.crmux.crm.Answer;
import io.crmux.crm.CrmException;
import io.crmux.crm.Request;
import io.crmux.crm.Settings;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.NetServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebTransportTest {

    private final Vertx vertx = Vertx.vertx();
    private final WebTransport transport = new WebTransport(
            vertx,
            Clients.open(vertx, 2, UpstreamOptions.defaults()),
            Hosts.of(new Ghost(), settings("http://127.0.0.1")));
    private final List<String> uris = new CopyOnWriteArrayList<>();
    private final HttpServer crm = vertx.createHttpServer().requestHandler(request -> {
        uris.add(request.uri());
        switch (String.valueOf(request.path())) {
            case "/redirect" ->
                request.response()
                        .setStatusCode(302)
                        .putHeader("location", "http://10.0.0.1/")
                        .end();
            case "/huge" -> {
                request.response().setChunked(true);
                for (int i = 0; i < 11; i++) {
                    request.response().write(Buffer.buffer(new byte[1 << 20]));
                }
                request.response().end();
            }
            case "/reset" -> request.connection().close();
            case "/hang" -> {}
            default -> request.response().putHeader("x-a", "b").end("{\"ok\":true}");
        }
    });

    private static Settings settings(String url) {
        return new Settings(Map.of("url", url, "key", "1:ab"));
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    private String base() {
        crm.listen(0, "127.0.0.1").await();
        return "http://127.0.0.1:" + crm.actualPort();
    }

    private CrmException failure(Request request) throws InterruptedException {
        return failure(request, 10_000);
    }

    private CrmException failure(Request request, long timeoutMillis) throws InterruptedException {
        Future<Answer> answer = transport.exchange(request, timeoutMillis);
        try {
            answer.toCompletionStage().toCompletableFuture().get();
            throw new AssertionError("it succeeded");
        } catch (ExecutionException e) {
            return CrmException.of(java.util.Objects.requireNonNull(e.getCause()));
        }
    }

    @Test
    void pathAndQueryArriveAsTheyWereBuilt() {
        Request request = Request.get(base(), "/a/{id}")
                .with("id", "ü/ +%")
                .query("email", "a+b@x y")
                .query("tags[]", "1&2");
        Answer answer = transport.exchange(request, 5_000).await();
        assertThat(answer.json().getBoolean("ok")).isTrue();
        assertThat(answer.headers().get("X-A")).isEqualTo("b");
        assertThat(uris).containsExactly("/a/%C3%BC%2F%20%2B%25?email=a%2Bb%40x%20y&tags%5B%5D=1%262");
    }

    @Test
    void aRedirectIsAnAnswer() {
        assertThat(transport
                        .exchange(Request.get(base(), "/redirect"), 5_000)
                        .await()
                        .status())
                .isEqualTo(302);
    }

    @Test
    void whatFailsSaysWhetherItWasSentAndNoMore() throws InterruptedException {
        String base = base();
        CrmException reset = failure(Request.get(base, "/reset").query("api_key", "secret"));
        assertThat(reset.kind()).isEqualTo(CrmException.Kind.UNAVAILABLE);
        assertThat(reset.sent()).isTrue();
        CrmException hang = failure(Request.get(base, "/hang").query("api_key", "secret"), 500);
        assertThat(hang.kind()).isEqualTo(CrmException.Kind.TIMEOUT);
        assertThat(hang.sent()).isTrue();
        CrmException huge = failure(Request.get(base, "/huge"));
        assertThat(huge.words()).contains("10 MiB");
        CrmException refused = failure(Request.get("http://127.0.0.1:1", "/x").query("api_key", "secret"));
        assertThat(refused.sent()).isFalse();
        assertThat(List.of(reset.words(), hang.words(), refused.words())).noneMatch(words -> words.contains("secret"));
    }

    @Test
    void aRequestLeavesWhenItsConnectionIsOpen() {
        AtomicInteger left = new AtomicInteger();
        NetServer silent = vertx.createNetServer().connectHandler(socket -> {});
        silent.listen(0, "127.0.0.1").await();
        Request unheard = Request.get("https://127.0.0.1:" + silent.actualPort(), "/x");
        assertThat(transport
                        .exchange(unheard, 300, left::incrementAndGet)
                        .otherwise(failure -> new Answer(0, MultiMap.caseInsensitiveMultiMap(), Buffer.buffer()))
                        .await()
                        .status())
                .isZero();
        assertThat(left).hasValue(0);
        transport
                .exchange(Request.get(base(), "/a"), 5_000, left::incrementAndGet)
                .await();
        assertThat(left).hasValue(1);
    }

    @Test
    void anAnswerIsWholeOnWhicheverThreadItIsAskedFor() {
        Request request = Request.get(base(), "/a");
        for (int i = 0; i < 2_000; i++) {
            assertThat(transport.exchange(request, 5_000).await().status()).isEqualTo(200);
        }
    }

    @Test
    void anAnswerThatStopsHalfWayIsAFailure() throws InterruptedException {
        NetServer half = vertx.createNetServer()
                .connectHandler(socket -> socket.handler(request -> {
                    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":");
                    socket.close();
                }));
        half.listen(0, "127.0.0.1").await();
        CrmException broken = failure(Request.get("http://127.0.0.1:" + half.actualPort(), "/x"));
        assertThat(broken.sent()).isTrue();
    }
}
