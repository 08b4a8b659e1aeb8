package io.crmux.connector;

import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeMautic;
import io.crmux.connector.kit.OAuthContract;
import io.crmux.crm.Connector;
import java.util.Map;

/** Mautic with a client that gets its tokens by itself. */
class MauticClientOAuthTest extends OAuthContract {

    private final FakeMautic fake = new FakeMautic(vertx);

    @Override
    protected Connector connector() {
        return new Mautic();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.url(), "grant", "client_credentials");
    }

    @Override
    protected FakeCrm fake() {
        return fake;
    }
}
