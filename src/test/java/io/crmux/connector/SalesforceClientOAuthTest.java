package io.crmux.connector;

import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeSalesforce;
import io.crmux.connector.kit.OAuthContract;
import io.crmux.crm.Connector;
import java.util.Map;

/** Salesforce with a connected app that gets its tokens by itself. */
class SalesforceClientOAuthTest extends OAuthContract {

    private final FakeSalesforce fake = new FakeSalesforce(vertx);

    @Override
    protected Connector connector() {
        return new Salesforce();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "urls.login",
                fake.url(),
                "url",
                fake.url(),
                "grant",
                "client_credentials",
                "version",
                "64.0",
                "object_type",
                "Contact",
                "lookup_field",
                "Email",
                "tag_type",
                "topics");
    }

    @Override
    protected FakeCrm fake() {
        return fake;
    }
}
