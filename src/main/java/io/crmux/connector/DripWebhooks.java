package io.crmux.connector;

import io.crmux.crm.Contact;
import io.crmux.crm.Json;
import io.crmux.crm.Tag;
import io.crmux.crm.Webhooks.Changed;
import io.crmux.crm.Webhooks.Notice;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Notices of Drip: the subscriber as it is, from the account's webhooks or from a workflow. Not signed. */
final class DripWebhooks {

    private DripWebhooks() {}

    static List<Changed> read(Notice notice, WebhookSecret secret) {
        notice.requireSecret(secret.value());
        JsonObject json = notice.json();
        JsonObject data = json.getValue("data") instanceof JsonObject some ? some : json;
        if (!(data.getValue("subscriber") instanceof JsonObject subscriber)) {
            return List.of();
        }
        Contact contact = new Contact(Json.textOrNull(subscriber, "id"), Json.textOrNull(subscriber, "email"));
        return contact.id() == null && contact.email() == null
                ? List.of()
                : List.of(new Changed(contact, null, tags(subscriber)));
    }

    private static @Nullable Set<Tag> tags(JsonObject subscriber) {
        return subscriber.getValue("tags") instanceof JsonArray
                ? Members.texts(subscriber, "tags").map(Tag::named).collect(Collectors.toSet())
                : null;
    }
}
