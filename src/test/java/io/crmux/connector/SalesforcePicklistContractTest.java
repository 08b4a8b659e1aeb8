package io.crmux.connector;

import io.crmux.connector.fake.FakeSalesforce;
import io.crmux.connector.kit.ConnectorContract;
import io.crmux.crm.Connector;
import io.crmux.crm.Operation;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;

/** Salesforce with the values of a picklist as tags. */
class SalesforcePicklistContractTest extends ConnectorContract {

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
        return fake.settings(FakeSalesforce.TOKEN, "picklist");
    }

    @Override
    protected Map<String, String> wrongSettings() {
        return fake.settings("wrong", "picklist");
    }

    @Override
    protected String unknownId() {
        return "0039900000999zzAAA";
    }

    @Override
    protected Set<Operation> lacking() {
        return Set.of(Operation.ADD_TAG);
    }
}
