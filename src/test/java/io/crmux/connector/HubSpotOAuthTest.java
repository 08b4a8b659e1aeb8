package io.crmux.connector;

import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeHubSpot;
import io.crmux.connector.kit.OAuthContract;
import io.crmux.crm.Connector;
import java.util.Map;

/** HubSpot with an app that an operator agrees to. */
class HubSpotOAuthTest extends OAuthContract {

    private final FakeHubSpot fake = new FakeHubSpot(vertx);

    @Override
    protected Connector connector() {
        return new HubSpot();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.url(), "tag_type", "lists");
    }

    @Override
    protected FakeCrm fake() {
        return fake;
    }
}
