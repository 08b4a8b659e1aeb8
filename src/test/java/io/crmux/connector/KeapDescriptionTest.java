package io.crmux.connector;

import io.crmux.connector.kit.VendorDescription;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The whole contract once more, with every request and every answer of the fake held against Keap's own description. */
@EnabledIf(value = "isDescribed", disabledReason = "needs the vendors' descriptions: ../shared/specs")
class KeapDescriptionTest extends KeapContractTest {

    /** Where reality and the description are known to differ, and why. */
    private static final Set<String> KNOWN = Set.of();

    private final VendorDescription description = VendorDescription.of("infusionsoft");

    static boolean isDescribed() {
        return VendorDescription.isThere("infusionsoft");
    }

    @Test
    void aWrongTypeIsRefused() {
        description.refuses(
                "post",
                "/crm/rest/v2/contacts",
                new JsonObject("{\"given_name\":\"Ann\"}"),
                new JsonObject("{\"given_name\":7}"));
    }

    @AfterAll
    void everythingWasAsTheVendorDescribesIt() {
        description.holds(fake.exchanges(), KNOWN, Set.of());
    }

    /** The subclass of no description has judged more. */
    @Override
    protected int many() {
        return 101;
    }
}
