package io.crmux.connector;

import org.junit.jupiter.api.condition.EnabledIf;

/** Salesforce with the values of a picklist as tags, held against its collection of calls. */
@EnabledIf(value = "isDescribed", disabledReason = "needs the vendors' descriptions: ../shared/specs")
class SalesforcePicklistDescriptionTest extends SalesforceDescription {

    SalesforcePicklistDescriptionTest() {
        super("picklist");
    }
}
