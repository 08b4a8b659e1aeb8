package io.crmux.connector;

import io.crmux.connector.fake.FakeSalesforce;
import io.crmux.connector.kit.ConnectorContract;
import io.crmux.crm.Connector;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

/** Salesforce with topics as tags. */
class SalesforceTopicsContractTest extends ConnectorContract {

    protected final FakeSalesforce fake = new FakeSalesforce(vertx);

    @AfterAll
    void closeFake() {
        fake.close();
    }

    @Override
    protected Connector connector() {
        return new Salesforce();
    }

    @Override
    protected Map<String, String> settings() {
        return fake.settings(FakeSalesforce.TOKEN, "topics");
    }

    @Override
    protected Map<String, String> wrongSettings() {
        return fake.settings("wrong", "topics");
    }

    @Override
    protected String unknownId() {
        return "0039900000999zzAAA";
    }
}
