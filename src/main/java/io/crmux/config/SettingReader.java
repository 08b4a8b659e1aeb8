package io.crmux.config;

import io.crmux.crm.Descriptor;
import io.crmux.crm.Quantities;
import io.crmux.crm.Setting;
import io.crmux.crm.Settings;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** Reads the settings that a connector asks for, and checks each against its type. The value of a secret is in no message. */
public final class SettingReader {

    private final Section section;

    SettingReader(Section section) {
        this.section = section;
    }

    Settings read(Descriptor descriptor) {
        new LogInChoice(section).check(descriptor.authentication().choices());
        Section urls = section.section("urls");
        Map<String, String> values = new HashMap<>();
        for (Setting setting : descriptor.settings()) {
            String url = ConnectionReader.underUrls(setting);
            read(setting, url == null ? section : urls, url == null ? setting.name() : url, values);
        }
        urls.end();
        return new Settings(values);
    }

    private static void read(Setting setting, Section from, String key, Map<String, String> values) {
        String text = from.text(key);
        if (text == null) {
            if (!from.has(key) && setting.required()) {
                from.mistake(key, "is required: " + setting.about());
            }
            if (setting.fallback() != null) {
                values.put(setting.name(), setting.fallback());
            }
            return;
        }
        try {
            check(setting, text);
            values.put(setting.name(), text);
        } catch (IllegalArgumentException e) {
            from.mistake(key, e.getMessage() + (setting.secret() ? "" : ", found " + text));
        }
    }

    /**
     * Checks a setting's value against its type.
     *
     * @throws IllegalArgumentException with what was expected
     */
    public static void check(Setting setting, String text) {
        switch (setting.type()) {
            case TEXT -> expect(!text.isBlank(), "expected a value");
            case URL -> expect(isUrl(text), "expected an address such as https://crm.example.com");
            case INTEGER -> expect(text.matches("\\d{1,9}"), "expected a whole number");
            case DURATION -> Quantities.duration(text);
            case RATE -> Quantities.rate(text);
            case FRACTION -> expect(text.matches("0(\\.\\d+)?|1(\\.0+)?"), "expected a number from 0.0 to 1.0");
            case FLAG -> ConfigReader.flag(text);
            case CHOICE ->
                expect(setting.choices().contains(text), "expected one of " + String.join(", ", setting.choices()));
        }
    }

    private static void expect(boolean good, String expected) {
        if (!good) {
            throw new IllegalArgumentException(expected);
        }
    }

    private static boolean isUrl(String text) {
        try {
            URI uri = URI.create(text.trim());
            return uri.getHost() != null
                    && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                    && uri.getQuery() == null
                    && uri.getUserInfo() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
