package io.crmux.api;

/** Where metrics are served without a key. */
public record MetricsOptions(String host, int port) {

    public static final String DEFAULT_HOST = "127.0.0.1";
    public static final int DEFAULT_PORT = 9090;
}
