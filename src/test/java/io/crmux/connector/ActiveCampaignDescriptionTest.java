package io.crmux.connector;

import io.crmux.connector.kit.VendorDescription;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The whole contract once more, with every request and every answer of the fake held against ActiveCampaign's own description. */
@EnabledIf(value = "isDescribed", disabledReason = "needs the vendors' descriptions: ../shared/specs")
class ActiveCampaignDescriptionTest extends ActiveCampaignContractTest {

    /** Where reality and the description are known to differ, and why. */
    private static final Set<String> KNOWN = Set.of(
            // The vendor documents paging once, for all lists, and not with each of them.
            "get /api/3/\\w+ query: (limit|offset) is unknown",
            // That it is written with brackets is in the words of the parameter, and not in its name.
            "get /api/3/contacts query: ids\\[] is unknown",
            // Rejected credentials are documented for some calls only.
            ".* answers 403, which is not described",
            // That a tag or an address is there already is seen by clients, and not described.
            "(post /api/3/tags|put /api/3/contacts/\\{\\w+}) answers 422, which is not described");

    private final VendorDescription description = VendorDescription.of("activecampaign");

    static boolean isDescribed() {
        return VendorDescription.isThere("activecampaign");
    }

    @Override
    protected int many() {
        return 101;
    }

    @Test
    void aWrongTypeIsRefused() {
        description.refuses(
                "post",
                "/api/3/contacts",
                new JsonObject("{\"contact\":{\"email\":\"a@b\"}}"),
                new JsonObject("{\"contact\":{\"email\":7}}"));
    }

    @AfterAll
    void everythingWasAsTheVendorDescribesIt() {
        // v1 and the host for events are documented elsewhere.
        description.holds(fake.exchanges(), KNOWN, Set.of("post /admin/api.php", "post /event"));
    }
}
