package io.crmux.connector;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;

/** Salesforce with the values of a picklist as tags. */
class SalesforcePicklistFaultTest extends SalesforceFaults {

    SalesforcePicklistFaultTest() {
        super("picklist");
    }

    @Override
    protected List<JsonObject> wrongTags() {
        return Stream.of("{}", "{\"Tags__c\":[\"vip\"]}", "{\"Tags__c\":{}}")
                .map(JsonObject::new)
                .toList();
    }
}
