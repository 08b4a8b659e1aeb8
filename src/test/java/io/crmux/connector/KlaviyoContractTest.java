package io.crmux.connector;

import io.crmux.connector.fake.FakeKlaviyo;
import io.crmux.connector.kit.ConnectorContract;
import io.crmux.crm.Connector;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

class KlaviyoContractTest extends ConnectorContract {

    protected final FakeKlaviyo fake = new FakeKlaviyo(vertx);

    @AfterAll
    void closeFake() {
        fake.close();
    }

    @Override
    protected Connector connector() {
        return new Klaviyo();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.url(), "key", FakeKlaviyo.KEY);
    }

    @Override
    protected Map<String, String> wrongSettings() {
        return Map.of("url", fake.url(), "key", "wrong");
    }

    @Override
    protected String unknownId() {
        return "01GDDKASAP8TKDDA2GRZ999999";
    }
}
