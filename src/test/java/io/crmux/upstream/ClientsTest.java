package io.crmux.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmux.crm.CrmException;
import io.crmux.crm.Request;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** TLS with an authority of one's own, and an outgoing proxy. */
class ClientsTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    /** The status of the answer, or the words of the failure. */
    private String call(String url, @Nullable String authorities, @Nullable String proxy) {
        UpstreamOptions options =
                new UpstreamOptions(List.of(), 0, authorities, proxy == null ? null : URI.create(proxy));
        Hosts hosts = Hosts.of(HostsTest.VENDOR, HostsTest.settings(url));
        WebTransport transport = new WebTransport(vertx, Clients.open(vertx, 2, options), hosts);
        return transport
                .exchange(Request.get(url, "/a"), 20_000)
                .map(answer -> Integer.toString(answer.status()))
                .otherwise(failure -> CrmException.of(failure).words())
                .await();
    }

    private int tlsServer() {
        HttpServer server = vertx.createHttpServer(
                        new HttpServerOptions().setSsl(true).setKeyCertOptions(TestAuthority.localhost()))
                .requestHandler(request -> request.response().end("{}"));
        return server.listen(0, "127.0.0.1").await().actualPort();
    }

    @Test
    void anAuthorityOfOnesOwnIsTrustedWhereItIsNamed() {
        int port = tlsServer();
        assertThat(call("https://localhost:" + port, TestAuthority.PEM, null)).isEqualTo("200");
        assertThat(call("https://localhost:" + port, null, null)).startsWith("no connection");
    }

    @Test
    void theNameInTheCertificateMustBeTheHosts() {
        assertThat(call("https://127.0.0.1:" + tlsServer(), TestAuthority.PEM, null))
                .startsWith("no connection");
    }

    @Test
    void whatJavaTrustsIsTrustedStill() {
        X509TrustManager both = (X509TrustManager) Authorities.javasAnd(TestAuthority.PEM);
        assertThat(both.getAcceptedIssuers()).hasSizeGreaterThan(10);
    }

    @Test
    void whatIsNoCertificateIsToldSo() {
        assertThatThrownBy(() -> Authorities.read("nonsense")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Authorities.read("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void callsGoThroughTheProxy() {
        List<String> seen = new CopyOnWriteArrayList<>();
        HttpServer proxy = vertx.createHttpServer().requestHandler(request -> {
            seen.add(request.uri() + " " + request.getHeader("proxy-authorization"));
            request.response().setStatusCode(203).end("{}");
        });
        int port = proxy.listen(0, "127.0.0.1").await().actualPort();
        assertThat(call("http://crm.invalid", null, "http://user:p%40ss@127.0.0.1:" + port))
                .isEqualTo("203");
        assertThat(seen).containsExactly("http://crm.invalid/a Basic dXNlcjpwQHNz");
    }

    /** What is in there is the CRM's and ours alone: the proxy learns where it goes, and passes bytes on. */
    @Test
    void encryptedCallsGoThroughATunnelOfTheProxy() {
        List<String> seen = new CopyOnWriteArrayList<>();
        HttpServer proxy = vertx.createHttpServer().requestHandler(request -> {
            seen.add(request.method() + " " + request.uri() + " " + request.getHeader("proxy-authorization"));
            request.pause();
            vertx.createNetClient()
                    .connect(Integer.parseInt(request.uri().replaceFirst(".*:", "")), "localhost")
                    .onSuccess(server -> request.toNetSocket().onSuccess(client -> {
                        client.pipeTo(server);
                        server.pipeTo(client);
                    }));
        });
        int port = proxy.listen(0, "127.0.0.1").await().actualPort();
        int crm = tlsServer();
        assertThat(call("https://localhost:" + crm, TestAuthority.PEM, "http://user:p%40ss@127.0.0.1:" + port))
                .isEqualTo("200");
        assertThat(seen).containsExactly("CONNECT localhost:" + crm + " Basic dXNlcjpwQHNz");
    }

    @Test
    void theCertificateIsTheCrmsBehindAProxyToo() {
        Socks5Server proxy = new Socks5Server(vertx);
        int port = proxy.listen();
        assertThat(call("https://localhost:" + tlsServer(), null, "socks5://user:pass@127.0.0.1:" + port))
                .startsWith("no connection");
        assertThat(proxy.seen()).hasSize(1);
    }

    @Test
    void callsGoThroughASocksProxyWhichLooksTheHostUp() {
        Socks5Server proxy = new Socks5Server(vertx);
        int port = proxy.listen();
        int crm = tlsServer();
        assertThat(call("https://localhost:" + crm, TestAuthority.PEM, "socks5://user:p%40ss@127.0.0.1:" + port))
                .isEqualTo("200");
        assertThat(proxy.seen()).containsExactly("user:p@ss localhost:" + crm);
    }

    @Test
    void aProxyThatIsNotThereIsNoConnection() {
        assertThat(call("http://crm.invalid", null, "http://127.0.0.1:1")).startsWith("no connection");
        assertThat(call("http://crm.invalid", null, "socks5://127.0.0.1:1")).startsWith("no connection");
    }
}
