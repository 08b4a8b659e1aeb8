package io.crmux.connector;

import io.crmux.crm.Tag;

/** Salesforce with topics as tags. */
class SalesforceTopicsFaultTest extends SalesforceFaults {

    SalesforceTopicsFaultTest() {
        super("topics");
    }

    @Override
    protected Tag tag(String name) {
        return Tag.of(fake.topic(name), name);
    }
}
