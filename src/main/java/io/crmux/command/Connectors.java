package io.crmux.command;

import io.crmux.crm.Connector;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** The connectors that are there. */
final class Connectors {

    private Connectors() {}

    /** All of them, by slug. */
    static List<Connector> all() {
        return ServiceLoader.load(Connector.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(connector -> connector.descriptor().slug()))
                .toList();
    }
}
