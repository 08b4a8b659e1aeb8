package io.crmux.connector;

import org.junit.jupiter.api.condition.EnabledIf;

/** Salesforce with topics as tags, held against its collection of calls. */
@EnabledIf(value = "isDescribed", disabledReason = "needs the vendors' descriptions: ../shared/specs")
class SalesforceTopicsDescriptionTest extends SalesforceDescription {

    SalesforceTopicsDescriptionTest() {
        super("topics");
    }
}
