package io.crmux.connector;

/** Salesforce with public tags. */
class SalesforceTagsContractTest extends SalesforceContract {

    SalesforceTagsContractTest() {
        super("public");
    }
}
