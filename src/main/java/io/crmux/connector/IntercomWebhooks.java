package io.crmux.connector;

import io.crmux.crm.Contact;
import io.crmux.crm.Json;
import io.crmux.crm.Webhooks.Changed;
import io.crmux.crm.Webhooks.Notice;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Notices of Intercom: a contact, or a tag with its contact, which older versions call a user. Signed with the app's client secret. */
final class IntercomWebhooks {

    private IntercomWebhooks() {}

    static List<Changed> read(Notice notice, WebhookSecret secret) {
        String expected = "sha1="
                + HexFormat.of().formatHex(sha1(secret.key(), notice.body().getBytes()));
        notice.requireSignature(expected, notice.header("x-hub-signature"));
        if (!(notice.json().getValue("data") instanceof JsonObject data)
                || !(data.getValue("item") instanceof JsonObject item)) {
            return List.of();
        }
        JsonObject found = within(item, "contact", within(item, "user", item));
        return found == item && !"contact".equals(item.getValue("type"))
                ? List.of()
                : List.of(
                        new Changed(new Contact(Json.text(found, "id"), Json.textOrNull(found, "email")), null, null));
    }

    private static JsonObject within(JsonObject item, String name, JsonObject otherwise) {
        return item.getValue(name) instanceof JsonObject object ? object : otherwise;
    }

    /** What Intercom still signs with. */
    private static byte[] sha1(String key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA1", e);
        }
    }
}
