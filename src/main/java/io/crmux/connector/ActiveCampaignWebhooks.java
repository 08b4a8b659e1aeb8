package io.crmux.connector;

import io.crmux.crm.Contact;
import io.crmux.crm.Tag;
import io.crmux.crm.Webhooks.Changed;
import io.crmux.crm.Webhooks.Notice;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Notices of ActiveCampaign: a form, not signed. Tags' names have no commas, so that a comma parts them. */
final class ActiveCampaignWebhooks {

    private ActiveCampaignWebhooks() {}

    static List<Changed> read(Notice notice, WebhookSecret secret) {
        notice.requireSecret(secret.value());
        Map<String, String> form = notice.form();
        String id = form.get("contact[id]");
        return id == null || id.isEmpty()
                ? List.of()
                : List.of(new Changed(
                        new Contact(id, form.get("contact[email]")), null, tags(form.get("contact[tags]"))));
    }

    private static @Nullable Set<Tag> tags(@Nullable String names) {
        if (names == null) {
            return null;
        }
        Set<Tag> tags = new LinkedHashSet<>();
        Arrays.stream(names.split(","))
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .forEach(name -> tags.add(Tag.named(name)));
        return tags;
    }
}
