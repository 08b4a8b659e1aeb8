package io.crmux.connector;

import io.crmux.connector.fake.FakeHubSpot;
import io.crmux.connector.kit.ConnectorContract;
import io.crmux.crm.Connector;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

/** HubSpot with lists as tags. */
class HubSpotListsContractTest extends ConnectorContract {

    protected final FakeHubSpot fake = new FakeHubSpot(vertx);

    @AfterAll
    void closeFake() {
        fake.close();
    }

    @Override
    protected Connector connector() {
        return new HubSpot();
    }

    @Override
    protected Map<String, String> settings() {
        return fake.settings(FakeHubSpot.TOKEN, "lists");
    }

    @Override
    protected Map<String, String> wrongSettings() {
        return fake.settings("wrong", "lists");
    }
}
