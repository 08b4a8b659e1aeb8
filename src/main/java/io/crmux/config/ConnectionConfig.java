package io.crmux.config;

import io.crmux.crm.Connector;
import io.crmux.crm.FieldTarget;
import io.crmux.crm.Settings;
import io.crmux.gateway.BatchOptions;
import io.crmux.gateway.CacheOptions;
import io.crmux.gateway.ConnectionOptions;
import io.crmux.upstream.UpstreamOptions;
import java.util.List;
import java.util.Map;

/** What crmux.yaml says of one connection, checked. */
public record ConnectionConfig(
        String name,
        Connector connector,
        Settings settings,
        Map<String, FieldTarget> fields,
        CacheOptions cache,
        BatchOptions batch,
        UpstreamOptions upstream,
        ConnectionOptions.Mode mode,
        List<String> mirrors) {

    public ConnectionConfig {
        fields = Map.copyOf(fields);
        mirrors = List.copyOf(mirrors);
    }
}
