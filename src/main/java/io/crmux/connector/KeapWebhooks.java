package io.crmux.connector;

import io.crmux.crm.Contact;
import io.crmux.crm.Json;
import io.crmux.crm.Webhooks.Changed;
import io.crmux.crm.Webhooks.Notice;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Notices of Keap: the ids of contacts, many at once. Of changed tags the key is the tag, and its contacts stand in {@code contact_details}, which is assumed.
 * An automation sends a form with {@code contactId} or {@code Id}. Not signed.
 */
final class KeapWebhooks {

    private KeapWebhooks() {}

    static List<Changed> read(Notice notice, WebhookSecret secret) {
        notice.requireSecret(secret.value());
        if (!notice.body().toString().startsWith("{")) {
            Map<String, String> form = notice.form();
            return Stream.of("contactId", "Id")
                    .filter(form::containsKey)
                    .limit(1)
                    .map(name -> changed(form.getOrDefault(name, "")))
                    .toList();
        }
        JsonObject json = notice.json();
        String event = String.valueOf(json.getValue("event_key"));
        if (!(json.getValue("object_keys") instanceof JsonArray) || !event.startsWith("contact")) {
            return List.of();
        }
        Stream<JsonObject> keys = Json.objects(json, "object_keys");
        return (event.startsWith("contactGroup.") ? keys.flatMap(KeapWebhooks::contacts) : keys)
                .map(key -> changed(Json.text(key, "id")))
                .toList();
    }

    private static Stream<JsonObject> contacts(JsonObject tag) {
        return tag.getValue("contact_details") instanceof JsonArray
                ? Json.objects(tag, "contact_details")
                : Stream.empty();
    }

    private static Changed changed(String id) {
        return new Changed(new Contact(id, null), null, null);
    }
}
