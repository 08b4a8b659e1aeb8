package io.crmux.config;

import io.crmux.crm.Connector;
import io.crmux.crm.FieldTarget;
import io.crmux.crm.OAuth;
import io.crmux.crm.Settings;
import io.crmux.gateway.BatchOptions;
import io.crmux.gateway.CacheOptions;
import io.crmux.gateway.ConnectionOptions;
import io.crmux.upstream.UpstreamOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What crmux.yaml says of one connection, checked.
 *
 * @param waiting how many look-ups of each kind may wait for the CRM on which visitors wait
 */
public record ConnectionConfig(
        String name,
        Connector connector,
        Settings settings,
        Map<String, FieldTarget> fields,
        CacheOptions cache,
        BatchOptions batch,
        UpstreamOptions upstream,
        int waiting,
        ConnectionOptions.Mode mode,
        List<String> mirrors) {

    private static final Set<String> OF_AN_ACCOUNT = Set.of("url", "account", "domain", "list");

    public ConnectionConfig {
        fields = Map.copyOf(fields);
        mirrors = List.copyOf(mirrors);
    }

    /**
     * Which account of which CRM it is, as far as settings tell: ids of one mean nothing in another. A secret may be renewed, and a user be another one, without that
     * the account is another.
     */
    public String account() {
        return connector.descriptor().settings().stream()
                .filter(setting -> setting.required() && OF_AN_ACCOUNT.contains(setting.name()))
                .flatMap(setting -> settings.find(setting.name()).stream())
                .reduce(connector.descriptor().slug(), (account, value) -> account + " " + value);
    }

    /** Whether an operator must connect it. Its token is stored. */
    public boolean needsOperator() {
        return connector.descriptor().authentication().tokens(settings) instanceof OAuth oauth && oauth.needsOperator();
    }
}
