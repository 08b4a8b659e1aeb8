package io.crmux.connector;

import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeKeap;
import io.crmux.connector.kit.OAuthContract;
import io.crmux.crm.Connector;
import java.util.Map;

/** Keap with an app that an operator agrees to. */
class KeapOAuthTest extends OAuthContract {

    private final FakeKeap fake = new FakeKeap(vertx);

    @Override
    protected Connector connector() {
        return new Keap();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.api(), "urls.token", fake.url() + "/token");
    }

    @Override
    protected FakeCrm fake() {
        return fake;
    }
}
