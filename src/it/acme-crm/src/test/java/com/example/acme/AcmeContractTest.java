package com.example.acme;

import io.crmux.connector.kit.ConnectorContract;
import io.crmux.crm.Connector;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

class AcmeContractTest extends ConnectorContract {

    private final FakeAcme fake = new FakeAcme(vertx);

    @AfterAll
    void closeFake() {
        fake.close();
    }

    @Override
    protected Connector connector() {
        return new AcmeCrm();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.url(), "key", FakeAcme.KEY);
    }

    @Override
    protected Map<String, String> wrongSettings() {
        return Map.of("url", fake.url(), "key", "wrong");
    }
}
