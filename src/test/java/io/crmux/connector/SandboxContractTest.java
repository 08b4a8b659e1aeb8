package io.crmux.connector;

import io.crmux.connector.kit.ConnectorContract;
import io.crmux.crm.Connector;
import java.util.Map;

class SandboxContractTest extends ConnectorContract {

    @Override
    protected Connector connector() {
        return new Sandbox();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("contacts", "3", "tags_per_contact", "2", "latency", "0ms", "failure_rate", "0.0");
    }

    @Override
    protected Map<String, String> wrongSettings() {
        return Map.of();
    }
}
