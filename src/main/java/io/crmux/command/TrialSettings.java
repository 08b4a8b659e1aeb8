package io.crmux.command;

import io.crmux.config.SettingReader;
import io.crmux.crm.Authentication;
import io.crmux.crm.Descriptor;
import io.crmux.crm.Setting;
import io.crmux.crm.Settings;
import io.crmux.gateway.InputProblem;
import io.crmux.gateway.Refusal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings that are tried out, laid over a connection's configured ones.
 *
 * @param configured as the configuration has them
 */
record TrialSettings(Descriptor descriptor, Settings configured) {

    /**
     * The configured settings with the given ones over them. Credentials of one kind take the place of configured ones of another, and must be whole.
     *
     * @throws Refusal with {@link Refusal.Reason#INVALID} when one of them is no setting of the connector, or cannot have such a value
     */
    Settings with(Map<String, String> given) {
        Map<String, String> values = new HashMap<>(configured.values());
        for (Authentication way : descriptor.authentication().choices()) {
            boolean isMeant = way.needs().stream().anyMatch(given::containsKey);
            if (isMeant && !configured.values().keySet().containsAll(way.needs())) {
                descriptor
                        .authentication()
                        .choices()
                        .forEach(other -> values.keySet().removeAll(other.needs()));
                way.needs().stream()
                        .filter(name -> !given.containsKey(name))
                        .findFirst()
                        .ifPresent(name -> {
                            throw invalid(name, "is required beside what was given");
                        });
            }
        }
        given.forEach((name, value) -> values.put(name, checked(name, value)));
        return new Settings(values);
    }

    private String checked(String name, String value) {
        Setting setting = descriptor.settings().stream()
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow(() -> invalid(name, "is no setting of " + descriptor.slug()));
        try {
            SettingReader.check(setting, value);
        } catch (IllegalArgumentException e) {
            throw invalid(name, String.valueOf(e.getMessage()));
        }
        return value;
    }

    private static Refusal invalid(String name, String problem) {
        return new Refusal(
                Refusal.Reason.INVALID,
                "these settings cannot be tried",
                List.of(new InputProblem("/" + name, problem)),
                null);
    }
}
