package io.crmux.upstream;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import io.vertx.core.net.TrustOptions;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** HTTP clients with connections that are kept alive. TLS is always verified. */
final class Clients {

    private static final int CONNECT_MILLIS = 3_000;
    private static final int IDLE_SECONDS = 60;
    private static final int HTTP_PORT = 80;
    private static final int SOCKS_PORT = 1080;

    private Clients() {}

    /** Opens one that has so many connections to each host at most. */
    static HttpClient open(Vertx vertx, int connections, UpstreamOptions options) {
        HttpClientOptions http = new HttpClientOptions()
                .setConnectTimeout(CONNECT_MILLIS)
                .setKeepAliveTimeout(IDLE_SECONDS)
                .setDecompressionSupported(true)
                .setName("upstream");
        if (options.authorities() != null) {
            http.setTrustOptions(TrustOptions.wrap(Authorities.javasAnd(options.authorities())));
        }
        if (options.proxy() != null) {
            http.setProxyOptions(proxy(options.proxy()));
        }
        return vertx.createHttpClient(http, new PoolOptions().setHttp1MaxSize(connections));
    }

    private static ProxyOptions proxy(URI proxy) {
        boolean socks = "socks5".equals(proxy.getScheme());
        ProxyOptions options = new ProxyOptions()
                .setType(socks ? ProxyType.SOCKS5 : ProxyType.HTTP)
                .setHost(proxy.getHost())
                .setPort(proxy.getPort() < 0 ? (socks ? SOCKS_PORT : HTTP_PORT) : proxy.getPort());
        @Nullable String user = proxy.getRawUserInfo();
        if (user == null) {
            return options;
        }
        String[] parts = user.split(":", 2);
        options.setUsername(URLDecoder.decode(parts[0], StandardCharsets.UTF_8));
        return parts.length == 1 ? options : options.setPassword(URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
}
