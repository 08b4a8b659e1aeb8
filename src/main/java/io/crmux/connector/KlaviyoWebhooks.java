package io.crmux.connector;

import io.crmux.crm.Contact;
import io.crmux.crm.Hmac;
import io.crmux.crm.Json;
import io.crmux.crm.Webhooks.Changed;
import io.crmux.crm.Webhooks.Notice;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Notices of Klaviyo. Those of the system are signed and hold events. Those of a flow are not signed, and say what its author wrote: {@code contact_id} and
 * {@code email} are understood.
 */
final class KlaviyoWebhooks {

    private KlaviyoWebhooks() {}

    static List<Changed> read(Notice notice, WebhookSecret secret) {
        String signature = notice.header("klaviyo-signature");
        if (signature.isEmpty()) {
            notice.requireSecret(secret.value());
        } else {
            String expected = HexFormat.of()
                    .formatHex(Hmac.sha256(secret.key(), notice.body() + notice.header("klaviyo-timestamp")));
            notice.requireSignature(expected, signature);
        }
        JsonObject json = notice.json();
        if (!(json.getValue("data") instanceof JsonArray events)) {
            return changed(Json.textOrNull(json, "contact_id"), Json.textOrNull(json, "email"));
        }
        List<Changed> changed = new ArrayList<>();
        for (Object event : events) {
            JsonObject profile = find(event, "payload", "data", "relationships", "profile", "data");
            changed.addAll(changed(profile == null ? null : Json.textOrNull(profile, "id"), null));
        }
        return changed;
    }

    private static @Nullable JsonObject find(@Nullable Object from, String... path) {
        Object found = from;
        for (String name : path) {
            found = found instanceof JsonObject object ? object.getValue(name) : null;
        }
        return found instanceof JsonObject object ? object : null;
    }

    private static List<Changed> changed(@Nullable String id, @Nullable String email) {
        return id == null && email == null ? List.of() : List.of(new Changed(new Contact(id, email), null, null));
    }
}
