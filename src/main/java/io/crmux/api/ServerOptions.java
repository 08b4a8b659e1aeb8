package io.crmux.api;

import java.time.Duration;

/**
 * Where the API is served.
 *
 * @param port 0 for any free one
 * @param basePath with a slash at both ends: {@code /}, {@code /crm/}
 * @param idle how long a connection is kept on which nothing happens
 * @param connections how many may be open at once
 */
public record ServerOptions(String host, int port, String basePath, Duration idle, int connections) {

    public static final String DEFAULT_HOST = "127.0.0.1";
    public static final int DEFAULT_PORT = 8080;
    public static final String DEFAULT_BASE_PATH = "/";
    public static final Duration DEFAULT_IDLE = Duration.ofSeconds(75);
    public static final int DEFAULT_CONNECTIONS = 15_000;
}
