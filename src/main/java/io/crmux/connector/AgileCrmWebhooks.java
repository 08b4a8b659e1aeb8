package io.crmux.connector;

import io.crmux.crm.Contact;
import io.crmux.crm.Json;
import io.crmux.crm.Webhooks.Changed;
import io.crmux.crm.Webhooks.Notice;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Notices of Agile CRM: the contact without its tags, or the form of a campaign with {@code contact_id} or {@code email}. Not signed. */
final class AgileCrmWebhooks {

    private AgileCrmWebhooks() {}

    static List<Changed> read(Notice notice, WebhookSecret secret) {
        notice.requireSecret(secret.value());
        if (!notice.body().toString().startsWith("{")) {
            Map<String, String> form = notice.form();
            return changed(form.get("contact_id"), form.get("email"));
        }
        return notice.json().getValue("eventData") instanceof JsonObject contact
                ? changed(Json.textOrNull(contact, "id"), email(contact))
                : List.of();
    }

    private static @Nullable String email(JsonObject contact) {
        return contact.getValue("properties") instanceof JsonArray
                ? Json.objects(contact, "properties")
                        .filter(property -> "email".equals(property.getValue("name")))
                        .map(property -> Json.text(property, "value"))
                        .findFirst()
                        .orElse(null)
                : null;
    }

    private static List<Changed> changed(@Nullable String id, @Nullable String email) {
        return id == null && email == null ? List.of() : List.of(new Changed(new Contact(id, email), null, null));
    }
}
