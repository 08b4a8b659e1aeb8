package io.crmux.connector;

import io.crmux.connector.kit.VendorDescription;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The whole contract once more, with every request and every answer of the fake held against Mailchimp's own description. */
@EnabledIf(value = "isDescribed", disabledReason = "needs the vendors' descriptions: ../shared/specs")
class MailchimpDescriptionTest extends MailchimpContractTest {

    private final VendorDescription description = VendorDescription.of("mailchimp");

    static boolean isDescribed() {
        return VendorDescription.isThere("mailchimp");
    }

    @Override
    protected int many() {
        return 101;
    }

    @Test
    void aWrongTypeIsRefused() {
        description.refuses(
                "post",
                "/3.0/lists/abc/members/d41d/tags",
                new JsonObject("{\"tags\":[{\"name\":\"vip\",\"status\":\"active\"}]}"),
                new JsonObject().put("tags", new JsonArray().add("vip")));
    }

    @AfterAll
    void everythingWasAsTheVendorDescribesIt() {
        // The description is of calls that the vendor's site lists first: making a segment, and the calls for many
        // members, are documented, and left out of it.
        description.holds(
                fake.exchanges(),
                Set.of(),
                Set.of("post /3.0/lists/\\w+", "post /3.0/lists/\\w+/segments", "post /3.0/lists/\\w+/segments/\\d+"));
    }
}
