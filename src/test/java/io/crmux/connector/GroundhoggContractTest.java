package io.crmux.connector;

import io.crmux.connector.fake.FakeGroundhogg;
import io.crmux.connector.kit.ConnectorContract;
import io.crmux.crm.Connector;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

class GroundhoggContractTest extends ConnectorContract {

    private final FakeGroundhogg fake = new FakeGroundhogg(vertx);

    @AfterAll
    void closeFake() {
        fake.close();
    }

    @Override
    protected Connector connector() {
        return new Groundhogg();
    }

    @Override
    protected Map<String, String> settings() {
        return fake.settings();
    }

    @Override
    protected Map<String, String> wrongSettings() {
        return Map.of("url", fake.url(), "username", FakeGroundhogg.USER, "password", "wrong", "default_status", "2");
    }
}
