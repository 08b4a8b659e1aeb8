package io.crmux.connector;

import io.crmux.connector.fake.FakeSalesforce;
import io.crmux.connector.kit.ConnectorContract;
import io.crmux.crm.Connector;
import io.crmux.crm.Operation;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;

/** Salesforce, whatever stands for a tag: public tags and values of a picklist are made by its administrator alone. */
abstract class SalesforceContract extends ConnectorContract {

    protected final FakeSalesforce fake = new FakeSalesforce(vertx);
    private final String tagType;

    SalesforceContract(String tagType) {
        this.tagType = tagType;
    }

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
        return fake.settings(FakeSalesforce.TOKEN, tagType);
    }

    @Override
    protected Map<String, String> wrongSettings() {
        return fake.settings("wrong", tagType);
    }

    @Override
    protected String unknownId() {
        return "0039900000999zzAAA";
    }

    @Override
    protected Set<Operation> lacking() {
        return tagType.equals("topics") ? Set.of() : Set.of(Operation.ADD_TAG);
    }
}
