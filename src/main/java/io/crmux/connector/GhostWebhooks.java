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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Notices of Ghost: the member as it is and as it was. That the signature is over the body and the time behind it is assumed. */
final class GhostWebhooks {

    private static final Pattern SIGNATURE = Pattern.compile("sha256=([0-9a-f]+), *t=(\\d{1,15})");

    private GhostWebhooks() {}

    static List<Changed> read(Notice notice, WebhookSecret secret) {
        String key = secret.key();
        Matcher signature = SIGNATURE.matcher(notice.header("x-ghost-signature"));
        String time = signature.matches() ? signature.group(2) : "0";
        String expected = HexFormat.of().formatHex(Hmac.sha256(key, notice.body() + time));
        notice.requireSignature(expected, signature.matches() ? signature.group(1) : "");
        notice.requireRecent(Long.parseLong(time));
        if (!(notice.json().getValue("member") instanceof JsonObject member)) {
            return List.of();
        }
        JsonObject current = part(member, "current");
        JsonObject previous = part(member, "previous");
        String id = Json.textOrNull(current, "id") == null
                ? Json.textOrNull(previous, "id")
                : Json.textOrNull(current, "id");
        String before = Json.textOrNull(previous, "email");
        String email = Json.textOrNull(current, "email");
        return id == null
                ? List.of()
                : List.of(new Changed(
                        new Contact(id, email == null ? before : email),
                        before == null || before.equals(email) ? null : new Contact(id, before),
                        labels(current)));
    }

    private static JsonObject part(JsonObject member, String name) {
        return member.getValue(name) instanceof JsonObject part ? part : new JsonObject();
    }

    private static @Nullable Set<Tag> labels(JsonObject current) {
        if (!(current.getValue("labels") instanceof JsonArray)) {
            return null;
        }
        Set<Tag> tags = new LinkedHashSet<>();
        Json.objects(current, "labels")
                .forEach(label -> tags.add(Tag.of(Json.text(label, "id"), Json.text(label, "name"))));
        return tags;
    }
}
