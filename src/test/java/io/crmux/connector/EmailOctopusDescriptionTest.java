package io.crmux.connector;

import io.crmux.connector.fake.FakeEmailOctopus;
import io.crmux.connector.kit.VendorDescription;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The whole contract once more, with every request and every answer of the fake held against EmailOctopus' own description. */
@EnabledIf(value = "isDescribed", disabledReason = "needs the vendors' descriptions: ../shared/specs")
class EmailOctopusDescriptionTest extends EmailOctopusContractTest {

    private final VendorDescription description = VendorDescription.of("emailoctopus");

    static boolean isDescribed() {
        return VendorDescription.isThere("emailoctopus");
    }

    @Override
    protected int many() {
        return 101;
    }

    @Test
    void aWrongTypeIsRefused() {
        description.refuses(
                "put",
                "/lists/" + FakeEmailOctopus.LIST + "/contacts/1",
                new JsonObject("{\"tags\":{\"vip\":true}}"),
                new JsonObject("{\"tags\":[\"vip\"]}"));
    }

    @AfterAll
    void everythingWasAsTheVendorDescribesIt() {
        description.holds(fake.exchanges(), Set.of(), Set.of());
    }
}
