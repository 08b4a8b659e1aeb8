package io.crmux.command;

import io.crmux.crm.BulkLookUp;
import io.crmux.crm.BulkTagging;
import io.crmux.crm.BulkUpdate;
import io.crmux.crm.CombinedChange;
import io.crmux.crm.Connector;
import io.crmux.crm.Crm;
import io.crmux.crm.CrmException;
import io.crmux.crm.Descriptor;
import io.crmux.crm.Limit;
import io.crmux.crm.Operation;
import io.crmux.crm.Setting;
import io.crmux.crm.Settings;
import io.crmux.crm.Traits;
import io.crmux.crm.Webhooks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a connector says of itself, in words: the same for the command line and for the catalogue. Part of it depends on settings, such as on what stands for a
 * tag, so that an account is opened for each choice; that makes no call.
 */
record ConnectorFacts(Descriptor descriptor, Map<String, Crm> variants) {

    static ConnectorFacts of(Connector connector) {
        Map<String, Crm> variants = new LinkedHashMap<>();
        samples(connector.descriptor().settings())
                .forEach((choice, values) -> variants.put(
                        choice,
                        connector.open(
                                new Settings(values),
                                (call, request) -> Future.failedFuture(CrmException.unavailable("not sent", null)))));
        return new ConnectorFacts(connector.descriptor(), variants);
    }

    /** Settings that an account can be opened with, by the choice that they make; the usual choice has no name. */
    private static Map<String, Map<String, String>> samples(List<Setting> settings) {
        Map<String, String> usual = new HashMap<>();
        settings.forEach(setting -> {
            String value = setting.fallback() == null && setting.required() ? sample(setting) : setting.fallback();
            if (value != null) {
                usual.put(setting.name(), value);
            }
        });
        Map<String, Map<String, String>> samples = new LinkedHashMap<>();
        samples.put("", usual);
        settings.forEach(setting -> setting.choices().stream()
                .filter(choice -> !choice.equals(setting.fallback()))
                .forEach(choice -> {
                    Map<String, String> other = new HashMap<>(usual);
                    other.put(setting.name(), choice);
                    samples.put(setting.name() + " " + choice, other);
                }));
        return samples;
    }

    private static String sample(Setting setting) {
        return switch (setting.type()) {
            case URL -> "https://crm.example.com";
            case INTEGER -> "1";
            case DURATION -> "1s";
            case RATE -> "1/s";
            case FRACTION -> "0.5";
            case FLAG -> "false";
            case CHOICE -> setting.choices().get(0);
            case TEXT -> "sample";
        };
    }

    /** Name and words of each fact, settings and fields apart. */
    Map<String, String> all() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("a tag is", descriptor.tag());
        facts.put("authentication", descriptor.authentication().words());
        facts.put("supports", operations(descriptor.supports()));
        facts.put("has not", operations(EnumSet.complementOf(EnumSet.copyOf(descriptor.supports()))));
        facts.put("limits", limits());
        variants.forEach((choice, crm) -> {
            put(facts, "tags", choice, tags(crm.traits()));
            put(facts, "writes", choice, writes(crm));
            put(facts, "reads", choice, reads(crm));
        });
        facts.put("webhooks", variants.values().stream().anyMatch(Webhooks.class::isInstance) ? "are read" : "none");
        return facts;
    }

    /** Of a choice, what is not as usual. */
    private static void put(Map<String, String> facts, String name, String choice, String words) {
        if (choice.isEmpty() || !words.equals(facts.get(name))) {
            facts.put(name + (choice.isEmpty() ? "" : ", " + choice), words);
        }
    }

    private static String operations(Set<Operation> operations) {
        return operations.isEmpty()
                ? "nothing"
                : operations.stream().sorted().map(Operation::toString).collect(Collectors.joining(", "));
    }

    private String limits() {
        return descriptor.limits().stream()
                        .map(ConnectorFacts::words)
                        .map(words -> words + ", ")
                        .collect(Collectors.joining())
                + descriptor.concurrent() + " calls at once";
    }

    private static String words(Limit limit) {
        String bucket = limit.bucket().equals(Limit.ORDINARY) ? "" : " (" + limit.bucket() + ")";
        return limit.calls() + " calls in " + words(limit.window()) + bucket;
    }

    private static String words(Duration duration) {
        return duration.toSeconds() + " s";
    }

    private static String tags(Traits traits) {
        String known = switch (traits.canonical()) {
            case ID -> "known by id";
            case NAME -> "known by name";
        };
        String made = switch (traits.creation()) {
            case BY_APPLYING -> "made by applying";
            case BY_CALL -> "made by add_tag";
            case NONE -> "not made through the API";
        };
        return known + ", " + (traits.tagsIgnoreCase() ? "whatever the case" : "case matters") + ", " + made;
    }

    private static String writes(Crm crm) {
        List<String> words = new ArrayList<>();
        if (crm instanceof CombinedChange) {
            words.add("fields and tags of a contact together");
        }
        if (crm instanceof BulkTagging bulk) {
            words.add("one tag and up to " + bulk.mostContacts() + " contacts a call");
        }
        if (crm instanceof BulkUpdate bulk) {
            words.add("fields of up to " + bulk.mostUpdates() + " contacts a call");
        }
        if (words.isEmpty()) {
            words.add("fields, removals and applications of a contact one after the other");
        }
        Traits traits = crm.traits();
        if (traits.batchesPerCall() > 1) {
            words.add("up to " + traits.batchesPerCall() + " contacts are delivered together");
        }
        words.add(
                switch (traits.add()) {
                    case REFUSES -> "adding a known address is refused";
                    case UPSERTS -> "adding a known address updates it";
                    case DUPLICATES -> "adding a known address would make a second contact, so it is looked up first";
                });
        return String.join("; ", words);
    }

    private static String reads(Crm crm) {
        String bulk = crm instanceof BulkLookUp lookUp ? "up to " + lookUp.mostAddresses() + " addresses a call; " : "";
        String lag = crm.traits().settling().isZero()
                ? "show a change at once"
                : "may lag behind a change by " + words(crm.traits().settling());
        return bulk + lag;
    }

    /** A setting's name and what becomes of it when it is left out. */
    static String words(Setting setting) {
        String kind = setting.required()
                ? "required"
                : setting.fallback() == null ? "optional" : "default " + setting.fallback();
        return setting.name() + " (" + kind + (setting.secret() ? ", secret" : "") + ")";
    }

    /** Where a site's keys go by default, in alphabetical order. */
    Map<String, String> fields() {
        Map<String, String> fields = new TreeMap<>();
        descriptor.fields().forEach((key, target) -> fields.put(key, target.field()));
        return fields;
    }
}
