package io.crmux.connector;

import io.crmux.crm.Contact;
import io.crmux.crm.Hmac;
import io.crmux.crm.Json;
import io.crmux.crm.Tag;
import io.crmux.crm.Webhooks.Changed;
import io.crmux.crm.Webhooks.Notice;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Notices of Mautic: several kinds of events at once, each with its contacts, which older versions call leads. Signed. */
final class MauticWebhooks {

    private MauticWebhooks() {}

    static List<Changed> read(Notice notice, WebhookSecret secret) {
        byte[] expected = Hmac.sha256(secret.key(), notice.body().toString());
        notice.requireSignature(Base64.getEncoder().encodeToString(expected), notice.header("webhook-signature"));
        List<Changed> changed = new ArrayList<>();
        notice.json().forEach(kind -> {
            if (kind.getValue() instanceof JsonArray events) {
                events.forEach(event -> add(changed, event));
            }
        });
        return changed;
    }

    private static void add(List<Changed> changed, Object event) {
        if (event instanceof JsonObject whole
                && (whole.getValue("contact") != null ? whole.getValue("contact") : whole.getValue("lead"))
                        instanceof JsonObject contact) {
            changed.add(new Changed(new Contact(Json.text(contact, "id"), email(contact)), null, tags(contact)));
        }
    }

    private static @Nullable String email(JsonObject contact) {
        return contact.getValue("fields") instanceof JsonObject fields
                        && fields.getValue("core") instanceof JsonObject core
                        && core.getValue("email") instanceof JsonObject email
                ? Json.textOrNull(email, "value")
                : null;
    }

    private static @Nullable Set<Tag> tags(JsonObject contact) {
        return contact.getValue("tags") instanceof JsonArray
                ? Json.objects(contact, "tags")
                        .map(tag -> Tag.named(Mautic.name(tag)))
                        .collect(Collectors.toSet())
                : null;
    }
}
