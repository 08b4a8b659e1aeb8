package io.crmux.connector;

import io.crmux.crm.Contact;
import io.crmux.crm.CrmException;
import io.crmux.crm.Json;
import io.crmux.crm.Webhooks.Changed;
import io.crmux.crm.Webhooks.Notice;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Notices of CRMs inside WordPress: a contact with {@code id} and {@code email}, in JSON or as a form, composed by whoever has made the step that sends it. So its
 * tags may not be all, and are not read. Quotes and slashes may come escaped once too often. Not signed.
 */
final class WordPressWebhooks {

    private WordPressWebhooks() {}

    static List<Changed> read(Notice notice, WebhookSecret secret) {
        notice.requireSecret(secret.value());
        String body = notice.body().toString();
        if (!body.startsWith("{")) {
            Map<String, String> form = notice.form();
            return changed(form.get("id"), form.get("email"));
        }
        JsonObject contact = json(body);
        return changed(Json.textOrNull(contact, "id"), Json.textOrNull(contact, "email"));
    }

    private static JsonObject json(String body) {
        try {
            return new JsonObject(body);
        } catch (DecodeException escaped) {
            try {
                return new JsonObject(body.replace("\\\"", "\"").replace("\\/", "/"));
            } catch (DecodeException nonsense) {
                throw CrmException.of(CrmException.Kind.INVALID, "the notice is not a JSON object", null);
            }
        }
    }

    private static List<Changed> changed(@Nullable String id, @Nullable String email) {
        return id == null && email == null ? List.of() : List.of(new Changed(new Contact(id, email), null, null));
    }
}
