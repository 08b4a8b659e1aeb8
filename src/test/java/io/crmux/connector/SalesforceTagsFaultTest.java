package io.crmux.connector;

/** Salesforce with public tags. */
class SalesforceTagsFaultTest extends SalesforceFaults {

    SalesforceTagsFaultTest() {
        super("public");
    }
}
