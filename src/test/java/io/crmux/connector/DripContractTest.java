package io.crmux.connector;

import io.crmux.connector.fake.FakeDrip;
import io.crmux.connector.kit.ConnectorContract;
import io.crmux.crm.Connector;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

class DripContractTest extends ConnectorContract {

    private final FakeDrip fake = new FakeDrip(vertx);

    @AfterAll
    void closeFake() {
        fake.close();
    }

    @Override
    protected Connector connector() {
        return new Drip();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.url(), "account", FakeDrip.ACCOUNT, "token", FakeDrip.TOKEN);
    }

    @Override
    protected Map<String, String> wrongSettings() {
        return Map.of("url", fake.url(), "account", FakeDrip.ACCOUNT, "token", "wrong");
    }

    @Override
    protected String forbiddenInTags() {
        return ",";
    }
}
