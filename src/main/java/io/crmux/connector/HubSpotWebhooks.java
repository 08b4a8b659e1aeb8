package io.crmux.connector;

import io.crmux.crm.Contact;
import io.crmux.crm.Hmac;
import io.crmux.crm.Json;
import io.crmux.crm.Webhooks.Changed;
import io.crmux.crm.Webhooks.Notice;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Notices of an app of HubSpot: many events at once, with the ids alone. Changes of lists are not told. */
final class HubSpotWebhooks {

    private HubSpotWebhooks() {}

    static List<Changed> read(Notice notice, WebhookSecret secret) {
        String time = notice.header("x-hubspot-request-timestamp");
        String signed = notice.method() + notice.url() + notice.body() + time;
        notice.requireSignature(
                Base64.getEncoder().encodeToString(Hmac.sha256(secret.key(), signed)),
                notice.header("x-hubspot-signature-v3"));
        notice.requireRecent(time.matches("\\d{1,15}") ? Long.parseLong(time) : 0);
        List<Changed> changed = new ArrayList<>();
        for (Object each : notice.array()) {
            if (each instanceof JsonObject event
                    && event.getString("subscriptionType", "").startsWith("contact.")) {
                read(event, changed);
            }
        }
        return changed;
    }

    private static void read(JsonObject event, List<Changed> changed) {
        if (event.getValue("mergedObjectIds") instanceof JsonArray merged && event.containsKey("newObjectId")) {
            Contact now = new Contact(Json.text(event, "newObjectId"), null);
            merged.forEach(id -> changed.add(new Changed(now, new Contact(id.toString(), null), null)));
            return;
        }
        String email = "email".equals(event.getString("propertyName")) ? Json.textOrNull(event, "propertyValue") : null;
        changed.add(new Changed(new Contact(Json.text(event, "objectId"), email), null, null));
    }
}
