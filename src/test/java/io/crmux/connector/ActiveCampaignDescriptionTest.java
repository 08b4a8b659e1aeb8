package io.crmux.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.kit.VendorDescription;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
            // Rejected credentials are documented for some calls only.
            ".* answers 403, which is not described",
            // That a tag is there already is seen by clients, and not described.
            "post /api/3/tags answers 422, which is not described");

    private final VendorDescription description = VendorDescription.of("activecampaign");

    static boolean isDescribed() {
        return Files.isReadable(VendorDescription.folder().resolve("activecampaign.json"));
    }

    @Test
    void aWrongTypeIsRefused() {
        JsonObject schema = description.bodySchema("post", "/api/3/contacts");
        JsonObject right = new JsonObject().put("contact", new JsonObject().put("email", "a@b"));
        JsonObject wrong = new JsonObject().put("contact", new JsonObject().put("email", 7));
        assertThat(description.validate(schema, right)).isEmpty();
        assertThat(description.validate(schema, wrong)).isNotEmpty();
    }

    @AfterAll
    void everythingWasAsTheVendorDescribesIt() {
        Set<String> differences = new TreeSet<>();
        fake.exchanges().forEach(exchanged -> differences.addAll(description.differences(exchanged)));
        List<String> unexpected = differences.stream()
                .filter(difference -> KNOWN.stream().noneMatch(difference::matches))
                .toList();
        assertThat(unexpected).isEmpty();
        assertThat(description.undescribed())
                .allMatch(call -> call.contains("/admin/api.php") || call.contains("/event"));
    }
}
