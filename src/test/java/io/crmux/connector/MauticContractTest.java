package io.crmux.connector;

import io.crmux.connector.fake.FakeMautic;
import io.crmux.connector.kit.ConnectorContract;
import io.crmux.crm.Connector;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

class MauticContractTest extends ConnectorContract {

    private final FakeMautic fake = new FakeMautic(vertx);

    @AfterAll
    void closeFake() {
        fake.close();
    }

    @Override
    protected Connector connector() {
        return new Mautic();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.url(), "username", FakeMautic.USER, "password", FakeMautic.PASSWORD);
    }

    @Override
    protected Map<String, String> wrongSettings() {
        return Map.of("url", fake.url(), "username", FakeMautic.USER, "password", "wrong");
    }
}
