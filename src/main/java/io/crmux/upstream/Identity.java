package io.crmux.upstream;

import io.crmux.crm.Connector;
import io.crmux.crm.OAuth;
import io.crmux.crm.Setting;
import io.crmux.crm.Settings;
import io.crmux.crm.Sha256;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What tells accounts apart: connections with the same host and credentials share one budget, whatever else their settings are. Where an operator connects
 * them, the same settings may lead to different accounts.
 */
final class Identity {

    private Identity() {}

    /** The name of a connection's account, the same at each start, from which nothing can be told. */
    static String of(String connection, Connector connector, Settings settings) {
        StringBuilder all = new StringBuilder(connector.descriptor().slug());
        telling(connection, connector, settings)
                .forEach((name, value) ->
                        all.append('\0').append(name).append('\0').append(value));
        return HexFormat.of().formatHex(Sha256.of(all.toString()));
    }

    private static SortedMap<String, String> telling(String connection, Connector connector, Settings settings) {
        List<Setting> known = connector.descriptor().settings();
        boolean hasCredentials = known.stream().anyMatch(Setting::secret);
        SortedMap<String, String> telling = new TreeMap<>();
        known.stream()
                .filter(setting -> !hasCredentials || tellsApart(setting))
                .forEach(setting ->
                        settings.find(setting.name()).ifPresent(value -> telling.put(setting.name(), value)));
        if (connector.descriptor().authentication().tokens(settings) instanceof OAuth oauth && oauth.needsOperator()) {
            telling.put("", connection);
        }
        return telling;
    }

    private static boolean tellsApart(Setting setting) {
        return setting.secret()
                || setting.type() == Setting.Type.URL
                || setting.name().equals(OAuth.CLIENT_ID);
    }
}
