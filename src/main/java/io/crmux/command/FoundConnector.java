package io.crmux.command;

import io.crmux.crm.Connector;

/**
 * A connector that is there.
 *
 * @param origin where it comes from: {@code crmux} itself, or the path of a jar
 */
record FoundConnector(Connector connector, String origin) {

    /** The origin of crmux's own. */
    static final String OURS = "crmux";

    String slug() {
        return connector.descriptor().slug();
    }
}
