package io.crmux.connector;

import io.crmux.connector.fake.FakeFluentCrm;
import io.crmux.connector.kit.ConnectorContract;
import io.crmux.crm.Connector;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

class FluentCrmContractTest extends ConnectorContract {

    protected final FakeFluentCrm fake = new FakeFluentCrm(vertx);

    @AfterAll
    void closeFake() {
        fake.close();
    }

    @Override
    protected Connector connector() {
        return new FluentCrm();
    }

    @Override
    protected Map<String, String> settings() {
        return fake.settings();
    }

    @Override
    protected Map<String, String> wrongSettings() {
        return Map.of(
                "url",
                fake.url(),
                "username",
                FakeFluentCrm.USER,
                "password",
                "wrong",
                "tag_format",
                "slug",
                "default_status",
                "subscribed");
    }

    /** WordPress takes these for markup, and for encoded characters. */
    @Override
    protected String forbiddenInTags() {
        return "<%";
    }
}
