package io.crmux.connector;

import io.crmux.crm.Contact;
import io.crmux.crm.Hmac;
import io.crmux.crm.Webhooks.Changed;
import io.crmux.crm.Webhooks.Notice;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Notices of Mailchimp: a form. Newer webhooks are signed; the older ones have the secret in their address. Changes of tags are not told. What the form calls an
 * id is not the one of the API, which is made of the address.
 */
final class MailchimpWebhooks {

    private static final Pattern SIGNATURE = Pattern.compile("t=(\\d{1,12}),v1=([0-9a-f]+)");

    private MailchimpWebhooks() {}

    static List<Changed> read(Notice notice, WebhookSecret secret) {
        String header = notice.header("x-mailchimp-signature");
        if (header.isEmpty()) {
            notice.requireSecret(secret.value());
        } else {
            requireSignature(notice, header, secret.key());
        }
        Map<String, String> form = notice.form();
        if ("upemail".equals(form.get("type"))) {
            return form.containsKey("data[new_email]")
                    ? List.of(new Changed(
                            contact(form.getOrDefault("data[new_email]", "")),
                            contact(form.getOrDefault("data[old_email]", "")),
                            null))
                    : List.of();
        }
        String email = form.getOrDefault("data[email]", "");
        return email.isEmpty() ? List.of() : List.of(new Changed(contact(email), null, null));
    }

    private static void requireSignature(Notice notice, String header, String key) {
        Matcher signature = SIGNATURE.matcher(header);
        String time = signature.matches() ? signature.group(1) : "0";
        String expected = HexFormat.of().formatHex(Hmac.sha256(key, time + "." + notice.body()));
        notice.requireSignature(expected, signature.matches() ? signature.group(2) : "");
        notice.requireRecent(Long.parseLong(time) * 1_000);
    }

    private static Contact contact(String email) {
        return new Contact(Addresses.md5(email), email);
    }
}
