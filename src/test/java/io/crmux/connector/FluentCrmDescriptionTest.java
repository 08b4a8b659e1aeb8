package io.crmux.connector;

import io.crmux.connector.kit.VendorDescription;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The whole contract once more, with every request and every answer of the fake held against FluentCRM's own description. */
@EnabledIf(value = "isDescribed", disabledReason = "needs the vendors' descriptions: ../shared/specs")
class FluentCrmDescriptionTest extends FluentCrmContractTest {

    /** Where reality and the description are known to differ, and why. */
    private static final Set<String> KNOWN = Set.of(
            // WordPress answers wrong passwords by itself, before the plugin is asked.
            "get \\S+ answers 401, which is not described",
            // Seen on 2.9.84: a read of somebody unknown is a 422, a change a 404.
            "get /wp-json/fluent-crm/v2/subscribers/\\S+ answers 422, which is not described",
            "put /wp-json/fluent-crm/v2/subscribers/\\S+ answers 404, which is not described",
            // The contract sends an address that is none, to see it refused.
            "post /wp-json/fluent-crm/v2/subscribers body: #/email .*");

    private final VendorDescription description = VendorDescription.of("fluentcrm-rest");

    static boolean isDescribed() {
        return VendorDescription.isThere("fluentcrm-rest");
    }

    @Test
    void aWrongTypeIsRefused() {
        description.refuses(
                "post",
                "/wp-json/fluent-crm/v2/subscribers/sync-segments",
                new JsonObject("{\"subscribers\":[1],\"type\":\"tags\",\"attach\":[\"vip\"]}"),
                new JsonObject("{\"subscribers\":[\"one\"],\"type\":\"tags\"}"));
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
