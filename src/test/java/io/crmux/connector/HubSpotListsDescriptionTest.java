package io.crmux.connector;

import io.crmux.connector.kit.VendorDescription;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The whole contract once more, with every request and every answer of the fake held against HubSpot's descriptions. */
@EnabledIf(value = "isDescribed", disabledReason = "needs the vendors' descriptions: ../shared/specs")
class HubSpotListsDescriptionTest extends HubSpotListsContractTest {

    /** Where reality and the descriptions are known to differ, and why. */
    private static final Set<String> KNOWN = Set.of(
            // What was asked for and has no value is null.
            ".* answer 20[07]: #.*/properties/\\w+ Instance type null is invalid. Expected string",
            // The list calls are described by a third party, who took numbers and objects for texts.
            "post /crm/v3/lists/search answer 200: #/(offset|total) Instance type number is invalid. Expected string",
            "get /crm/v3/lists/\\{listId}/memberships answer 200: #/results/\\* Instance type object is invalid. .*",
            // What becomes of a list that there is not is described nowhere.
            "get /crm/v3/lists/\\{listId}/memberships answers 404, which is not described",
            // Nor is what becomes of a position that no page has ended with.
            "get /crm/v3/lists/\\{listId}/memberships answers 400, which is not described",
            "put /crm/v3/lists/\\{listId}/memberships/add answers 404, which is not described",
            // An error of a batch looks like any other error; the description is of 2021.
            "post /crm/v3/objects/contacts/batch/(read|update) answer 207: #/errors/\\*.*");

    private static final Set<String> MISSING = Set.of(
            "get /account-info/v3/details",
            "post /events/v3/send",
            "post /crm/v3/lists",
            "get /crm/v3/lists/records/0-1/\\{id}/memberships");

    private final VendorDescription description = VendorDescription.of("hubspot");

    static boolean isDescribed() {
        return VendorDescription.isThere("hubspot");
    }

    @Override
    protected int many() {
        return 101;
    }

    @Test
    void aWrongTypeIsRefused() {
        description.refuses(
                "post",
                "/crm/v3/objects/contacts",
                new JsonObject("{\"properties\":{\"email\":\"a@b\"}}"),
                new JsonObject("{\"properties\":{\"email\":7}}"));
    }

    @AfterAll
    void everythingWasAsTheVendorDescribesIt() {
        description.holds(fake.exchanges(), KNOWN, MISSING);
    }
}
