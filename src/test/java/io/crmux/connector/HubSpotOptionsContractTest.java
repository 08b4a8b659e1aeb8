package io.crmux.connector;

import io.crmux.connector.fake.FakeHubSpot;
import io.crmux.connector.kit.ConnectorContract;
import io.crmux.crm.Connector;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

/** HubSpot with options of a property as tags. */
class HubSpotOptionsContractTest extends ConnectorContract {

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
        return fake.settings(FakeHubSpot.TOKEN, "multiselect");
    }

    @Override
    protected Map<String, String> wrongSettings() {
        return fake.settings("wrong", "multiselect");
    }

    @Override
    protected String forbiddenInTags() {
        return ";";
    }
}
