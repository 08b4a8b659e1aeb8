package io.crmux.connector;

import io.crmux.crm.Contact;
import io.crmux.crm.Hmac;
import io.crmux.crm.Json;
import io.crmux.crm.Tag;
import io.crmux.crm.Webhooks.Changed;
import io.crmux.crm.Webhooks.Notice;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Notices of EmailOctopus: up to a thousand events of all lists, signed as a whole. The id of an event is not the contact's. */
final class EmailOctopusWebhooks {

    private EmailOctopusWebhooks() {}

    static List<Changed> read(Notice notice, String list, WebhookSecret secret) {
        String expected = "sha256="
                + HexFormat.of()
                        .formatHex(Hmac.sha256(secret.key(), notice.body().toString()));
        notice.requireSignature(expected, notice.header("emailoctopus-signature"));
        return notice.array().stream()
                .filter(JsonObject.class::isInstance)
                .map(JsonObject.class::cast)
                .filter(event -> list.equals(event.getValue("list_id")))
                .map(event -> new Changed(
                        new Contact(Json.text(event, "contact_id"), Json.textOrNull(event, "contact_email_address")),
                        null,
                        tags(event)))
                .toList();
    }

    /** Who was deleted has no tags, which is not told. */
    private static @Nullable Set<Tag> tags(JsonObject event) {
        return event.getValue("contact_tags") instanceof JsonArray names
                        && !"contact.deleted".equals(event.getValue("type"))
                ? names.stream().map(name -> Tag.named(name.toString())).collect(Collectors.toUnmodifiableSet())
                : null;
    }
}
