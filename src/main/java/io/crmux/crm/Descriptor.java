package io.crmux.crm;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is known of a vendor without a call.
 *
 * @param slug as in the configuration: {@code crm: activecampaign}
 * @param name as the vendor writes it
 * @param settings what a connection of this vendor may and must be given
 * @param authentication how requests prove whose they are
 * @param limits published limits, in the vendor's own words of calls and windows
 * @param concurrent how many calls may be under way at once
 * @param tag what a tag is here, in a few words
 * @param supports every operation that works
 * @param fields the default field map: a site's key to the CRM's field
 * @param countries how the CRM writes countries
 * @param docs where the vendor describes its API
 */
public record Descriptor(
        String slug,
        String name,
        List<Setting> settings,
        Authentication authentication,
        List<Limit> limits,
        int concurrent,
        String tag,
        Set<Operation> supports,
        Map<String, FieldTarget> fields,
        Countries countries,
        String docs) {

    public Descriptor {
        settings = List.copyOf(settings);
        limits = List.copyOf(limits);
        supports = Set.copyOf(supports);
        fields = Map.copyOf(fields);
    }

    /** How a CRM writes a country (states and provinces follow: names with NAME, codes otherwise). */
    public enum Countries {
        /** In English: "Germany". */
        NAME,
        /** ISO 3166-1 alpha-2: "DE". */
        CODE
    }
}
