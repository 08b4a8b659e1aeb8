package io.crmux.config;

import io.crmux.api.ApiKey;
import io.crmux.api.MetricsOptions;
import io.crmux.api.ServerOptions;
import io.crmux.store.SecretsOptions;
import io.crmux.store.StoreOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What crmux.yaml says, checked.
 *
 * @param cacheBytes the memory for cached values, shared by all connections in equal parts
 * @param snapshot whether what is cached outlives an orderly restart
 * @param metrics where metrics are served without a key; null when they are served with the API, for admin keys
 * @param secrets what stored tokens are encrypted with; null when nothing is stored that needs it
 */
public record Config(
        ServerOptions server,
        StoreOptions store,
        long cacheBytes,
        boolean snapshot,
        @Nullable MetricsOptions metrics,
        @Nullable SecretsOptions secrets,
        List<ApiKey> keys,
        List<ConnectionConfig> connections) {

    public static final long DEFAULT_CACHE_BYTES = 256L << 20;

    public Config {
        keys = List.copyOf(keys);
        connections = List.copyOf(connections);
    }
}
