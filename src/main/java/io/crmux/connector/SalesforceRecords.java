package io.crmux.connector;

import io.crmux.crm.Settings;
import io.crmux.crm.Value;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records that stand for contacts, as the settings say.
 *
 * @param object the API name of the object
 * @param lookUp the API name of the field that holds the address
 * @param defaults what new ones have unless something else is said
 * @param organization whose notices are believed; null for anybody's who knows the secret
 */
record SalesforceRecords(
        String object,
        String lookUp,
        Map<String, Value> defaults,
        WebhookSecret secret,
        @Nullable String organization) {

    static SalesforceRecords of(Settings settings) {
        Map<String, Value> defaults = new HashMap<>();
        settings.find("record_type").ifPresent(id -> defaults.put("RecordTypeId", Value.text(id)));
        settings.find("account").ifPresent(id -> defaults.put("AccountId", Value.text(id)));
        return new SalesforceRecords(
                settings.text("object_type"),
                settings.text("lookup_field"),
                Map.copyOf(defaults),
                WebhookSecret.of(settings),
                settings.find("organization").orElse(null));
    }
}
