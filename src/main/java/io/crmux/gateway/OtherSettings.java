package io.crmux.gateway;

import io.crmux.crm.Crm;
import java.util.Map;

/** Opens a connection's CRM with other settings than the configured ones, for trying them out. */
@FunctionalInterface
public interface OtherSettings {

    /**
     * Opens the CRM.
     *
     * @param settings laid over the configured ones
     * @throws Refusal with {@link Refusal.Reason#INVALID} when the connector has no such setting, or not with such a value
     */
    Crm open(Map<String, String> settings);
}
