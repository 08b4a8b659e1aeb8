package io.crmux.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the API is served.
 *
 * @param port 0 for any free one
 * @param basePath with a slash at both ends: {@code /}, {@code /crm/}
 * @param idle how long a connection is kept on which nothing happens
 * @param connections how many may be open at once
 * @param loops how many event loops serve them
 * @param publicUrl where browsers reach it, base path included, without a slash at the end; null for where a request has found it
 */
public record ServerOptions(
        String host,
        int port,
        String basePath,
        Duration idle,
        int connections,
        int loops,
        @Nullable String publicUrl) {

    public static final String DEFAULT_HOST = "127.0.0.1";
    public static final int DEFAULT_PORT = 8080;
    public static final String DEFAULT_BASE_PATH = "/";
    public static final Duration DEFAULT_IDLE = Duration.ofSeconds(75);
    public static final int DEFAULT_CONNECTIONS = 15_000;

    /**
     * Half of the processors: the loops that call the CRMs, the store's writer and, more often than not, the site itself run on the same ones. A loop
     * that shares its processor with what it waits for serves less than one that has it for itself.
     */
    public static int defaultLoops() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    /** Without an address of its own for browsers. */
    public ServerOptions(String host, int port, String basePath, Duration idle, int connections, int loops) {
        this(host, port, basePath, idle, connections, loops, null);
    }
}
