package io.crmux.connector;

import io.crmux.connector.fake.FakeCrm;
import io.crmux.connector.fake.FakeSalesforce;
import io.crmux.connector.kit.OAuthContract;
import io.crmux.crm.Connector;
import java.util.Map;

/** Salesforce with a connected app that an operator agrees to, which tells where the organization is. */
class SalesforceOAuthTest extends OAuthContract {

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
                "grant",
                "authorization_code",
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
