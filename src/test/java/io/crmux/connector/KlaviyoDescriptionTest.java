package io.crmux.connector;

import io.crmux.connector.kit.VendorDescription;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The whole contract once more, with every request and every answer of the fake held against Klaviyo's own description. */
@EnabledIf(value = "isDescribed", disabledReason = "needs the vendors' descriptions: ../shared/specs")
class KlaviyoDescriptionTest extends KlaviyoContractTest {

    /** Where reality and the description are known to differ, and why. */
    private static final Set<String> KNOWN = Set.of(
            // The last page's link to the next is null.
            ".* answer 200: #/links/next Instance type null is invalid. Expected string",
            // A profile's lists come with links to further pages, which are not described.
            "get /api/profiles/\\{id}/lists query: page\\[cursor] is unknown");

    private final VendorDescription description = VendorDescription.of("klaviyo");

    static boolean isDescribed() {
        return VendorDescription.isThere("klaviyo");
    }

    @Override
    protected int many() {
        return 101;
    }

    @Test
    void aWrongTypeIsRefused() {
        description.refuses(
                "post",
                "/api/profile-import",
                new JsonObject("{\"data\":{\"type\":\"profile\",\"attributes\":{\"email\":\"a@b.c\"}}}"),
                new JsonObject("{\"data\":{\"type\":\"profile\",\"attributes\":{\"email\":7}}}"));
    }

    @AfterAll
    void everythingWasAsTheVendorDescribesIt() {
        // Erasing is documented, and left out of the part of the description that is kept.
        description.holds(fake.exchanges(), KNOWN, Set.of("post /api/data-privacy-deletion-jobs"));
    }
}
