package io.crmux.connector;

/** Salesforce with the values of a picklist as tags. */
class SalesforcePicklistContractTest extends SalesforceContract {

    SalesforcePicklistContractTest() {
        super("picklist");
    }
}
