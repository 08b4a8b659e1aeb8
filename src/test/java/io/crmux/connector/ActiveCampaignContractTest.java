package io.crmux.connector;

import io.crmux.connector.fake.FakeActiveCampaign;
import io.crmux.connector.kit.ConnectorContract;
import io.crmux.crm.Connector;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

class ActiveCampaignContractTest extends ConnectorContract {

    protected final FakeActiveCampaign fake = new FakeActiveCampaign(vertx);

    @AfterAll
    void closeFake() {
        fake.close();
    }

    @Override
    protected Connector connector() {
        return new ActiveCampaign();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.url() + "/", "key", FakeActiveCampaign.KEY, "urls.events", fake.url());
    }

    @Override
    protected Map<String, String> wrongSettings() {
        return Map.of("url", fake.url(), "key", "wrong", "urls.events", fake.url());
    }

    @Override
    protected String forbiddenInTags() {
        return ",";
    }
}
