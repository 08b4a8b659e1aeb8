package io.crmux.connector;

import io.crmux.connector.kit.VendorDescription;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The whole contract once more, whatever stands for a tag, with every request and every answer of the fake held against Salesforce's collection of calls. */
abstract class SalesforceDescription extends SalesforceContract {

    /** Where reality and the description are known to differ, and why. */
    private static final Set<String> KNOWN = Set.of(
            // The collection has one good answer for each call, not always the right one, and no other.
            ".* answers (204|400|401|404), which is not described",
            // What may be asked for beside the path is not in it.
            "get /services/data/v64.0/sobjects/\\{SOBJECT_API_NAME}/\\{RECORD_ID} query: fields is unknown",
            // The schemas are made from single examples: of an update of accounts, and of outcomes without failures.
            "patch /services/data/v64.0/composite/sobjects body: #/records/\\* .* \"NumberOfEmployees\"",
            "patch /services/data/v64.0/composite/sobjects body: # Instance does not match every subschema",
            "(post|patch) /services/data/v64.0/composite/sobjects answer 200: #/\\* .* \"id\"",
            "(post|patch) /services/data/v64.0/composite/sobjects answer 200: #/\\*/errors/\\* .* Expected string");

    /** The next part of a long answer. */
    private static final Set<String> MISSING = Set.of("get /services/data/v64.0/query/.*");

    private final VendorDescription description = VendorDescription.of("salesforce");

    SalesforceDescription(String tagType) {
        super(tagType);
    }

    static boolean isDescribed() {
        return VendorDescription.isThere("salesforce");
    }

    @Override
    protected int many() {
        return 101;
    }

    @Test
    void aWrongTypeIsRefused() {
        description.refuses(
                "post",
                "/services/data/v64.0/composite/sobjects",
                new JsonObject("{\"allOrNone\":false,\"records\":[]}"),
                new JsonObject("{\"allOrNone\":\"no\",\"records\":[]}"));
    }

    @AfterAll
    void everythingWasAsTheVendorDescribesIt() {
        description.holds(fake.exchanges(), KNOWN, MISSING);
    }
}
