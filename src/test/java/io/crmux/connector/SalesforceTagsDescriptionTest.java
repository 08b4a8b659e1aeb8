package io.crmux.connector;

import org.junit.jupiter.api.condition.EnabledIf;

/** Salesforce with public tags, held against its collection of calls. */
@EnabledIf(value = "isDescribed", disabledReason = "needs the vendors' descriptions: ../shared/specs")
class SalesforceTagsDescriptionTest extends SalesforceDescription {

    SalesforceTagsDescriptionTest() {
        super("public");
    }
}
