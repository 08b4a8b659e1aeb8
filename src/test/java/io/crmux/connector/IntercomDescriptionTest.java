package io.crmux.connector;

import io.crmux.connector.kit.VendorDescription;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The whole contract once more, with every request and every answer of the fake held against Intercom's own description. */
@EnabledIf(value = "isDescribed", disabledReason = "needs the vendors' descriptions: ../shared/specs")
class IntercomDescriptionTest extends IntercomContractTest {

    /** Where reality and the description are known to differ, and why. */
    private static final Set<String> KNOWN = Set.of(
            // Who is not found, or refused, is documented for other calls, and the shape of errors once for all.
            "(get|delete) /contacts/\\{contact_id} answers 404, which is not described",
            "get /me answers 401, which is not described",
            // What is wrong with a contact, and that it is known already, stands in the vendor's page of errors.
            "(post|put) /contacts\\S* answers (400|409), which is not described");

    private final VendorDescription description = VendorDescription.of("intercom");

    static boolean isDescribed() {
        return VendorDescription.isThere("intercom");
    }

    @Test
    void aWrongTypeIsRefused() {
        description.refuses(
                "post",
                "/contacts/6762f0dd1bb69f9f2193bb83/tags",
                new JsonObject().put("id", "81"),
                new JsonObject().put("id", true));
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
