package io.crmux.connector;

import io.crmux.connector.fake.FakeMailchimp;
import io.crmux.connector.kit.ConnectorContract;
import io.crmux.crm.Connector;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

class MailchimpContractTest extends ConnectorContract {

    protected final FakeMailchimp fake = new FakeMailchimp(vertx);

    @AfterAll
    void closeFake() {
        fake.close();
    }

    @Override
    protected Connector connector() {
        return new Mailchimp();
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("url", fake.url(), "key", FakeMailchimp.KEY, "list", FakeMailchimp.LIST, "optin", "false");
    }

    @Override
    protected Map<String, String> wrongSettings() {
        return Map.of("url", fake.url(), "key", "wrong-us21", "list", FakeMailchimp.LIST, "optin", "false");
    }

    @Override
    protected String unknownId() {
        return "00000000000000000000000000000000";
    }
}
