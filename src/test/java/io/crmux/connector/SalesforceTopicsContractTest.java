package io.crmux.connector;

/** Salesforce with topics as tags. */
class SalesforceTopicsContractTest extends SalesforceContract {

    SalesforceTopicsContractTest() {
        super("topics");
    }
}
