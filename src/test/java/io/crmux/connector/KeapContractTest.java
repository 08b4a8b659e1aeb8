package io.crmux.connector;

import io.crmux.connector.fake.FakeKeap;
import io.crmux.connector.kit.ConnectorContract;
import io.crmux.crm.Connector;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

class KeapContractTest extends ConnectorContract {

    protected final FakeKeap fake = new FakeKeap(vertx);

    @AfterAll
    void closeFake() {
        fake.close();
    }

    @Override
    protected Connector connector() {
        return new Keap();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.api(), "key", FakeKeap.KEY);
    }

    @Override
    protected Map<String, String> wrongSettings() {
        return Map.of("url", fake.api(), "key", "wrong");
    }
}
