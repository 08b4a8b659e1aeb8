package io.crmux.connector;

import io.crmux.crm.CrmException;
import io.crmux.crm.Setting;
import io.crmux.crm.Settings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What notices of a CRM are known by: a key to sign with, or a word in the address, as the CRM has it.
 *
 * @param value null when the settings have none: then no notice is believed
 */
record WebhookSecret(@Nullable String value) {

    private static final String NAME = "webhook_secret";

    static Setting setting(String about) {
        return new Setting(NAME, Setting.Type.TEXT, false, true, null, List.of(), about);
    }

    static WebhookSecret of(Settings settings) {
        return new WebhookSecret(settings.find(NAME).orElse(null));
    }

    /** For those who sign. */
    String key() {
        if (value == null) {
            throw CrmException.of(CrmException.Kind.UNAUTHORIZED, "the connection has no webhook_secret", null);
        }
        return value;
    }
}
