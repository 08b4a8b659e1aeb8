package io.crmux.gateway.fields;

import io.crmux.crm.Descriptor;
import io.crmux.crm.FieldTarget;
import io.crmux.crm.FieldType;
import io.crmux.crm.Value;
import io.crmux.gateway.Address;
import io.crmux.gateway.InputProblem;
import io.crmux.store.ChangeBody;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection's field map: a site's keys and the CRM's, with the types by which values are converted. The connection's own map is laid over the
 * connector's default one. Where two keys that are sent go to one field of the CRM, the later one wins.
 */
public final class FieldMap {

    private static final String EMAIL_KEY = "user_email";

    private final Map<String, FieldTarget> targets;
    private final Map<String, FieldType> types = new HashMap<>();
    private final String emailField;
    private final Conversion conversion;

    /** @param laidOver wins over {@code defaults} key by key */
    public FieldMap(
            Map<String, FieldTarget> defaults, Map<String, FieldTarget> laidOver, Descriptor.Countries countries) {
        this.targets = new LinkedHashMap<>(defaults);
        this.targets.putAll(laidOver);
        this.targets.values().forEach(target -> types.put(target.field(), target.type()));
        FieldTarget email = targets.get(EMAIL_KEY);
        this.emailField = email == null ? "email" : email.field();
        this.conversion = new Conversion(countries);
    }

    /**
     * Fields on their way to the CRM.
     *
     * @param values by the CRM's own field ids
     * @param dropped keys that are mapped to nothing, in the order of the document
     * @param problems values that cannot be converted
     */
    public record Mapped(Map<String, Value> values, List<String> dropped, List<InputProblem> problems) {}

    /**
     * The address among fields.
     *
     * @param address null when there is none, or it is none
     * @param problems why
     */
    public record Email(@Nullable Address address, List<InputProblem> problems) {}

    /**
     * Converts what a site sent.
     *
     * @param map whether its keys are the site's (true) or the CRM's own
     */
    public Mapped toCrm(JsonObject fields, boolean map) {
        Map<String, Value> values = new LinkedHashMap<>();
        List<String> dropped = new ArrayList<>();
        List<InputProblem> problems = new ArrayList<>();
        for (Map.Entry<String, Object> field : fields) {
            FieldTarget target = map ? targets.get(field.getKey()) : new FieldTarget(field.getKey(), type(field));
            if (target == null) {
                dropped.add(field.getKey());
                continue;
            }
            try {
                values.remove(target.field());
                values.put(target.field(), conversion.toCrm(field.getValue(), target.type()));
            } catch (Conversion.Unfit unfit) {
                problems.add(new InputProblem(pointer(field.getKey()), unfit.rule()));
            }
        }
        return new Mapped(values, dropped, problems);
    }

    /**
     * The CRM's own field id for a key; null when the key is mapped to nothing.
     *
     * @param map whether it is the site's key (true) or the CRM's own
     */
    public @Nullable String field(String key, boolean map) {
        FieldTarget target = targets.get(key);
        return map ? target == null ? null : target.field() : key;
    }

    /** With the CRM's own keys nothing is known of the types, so values stay what JSON says they are. */
    private FieldType type(Map.Entry<String, Object> field) {
        Object value = field.getValue();
        if (value instanceof Number) {
            return FieldType.NUMBER;
        }
        if (value instanceof Boolean) {
            return FieldType.CHECKBOX;
        }
        return value instanceof String || value == null ? FieldType.TEXT : FieldType.MULTISELECT;
    }

    /** Whether a change gives the contact an address, which may be another than it has. */
    public boolean moves(ChangeBody change) {
        return change instanceof ChangeBody.Update update
                && update.fields().fieldNames().stream().anyMatch(key -> emailField.equals(field(key, update.map())));
    }

    /** The address that a change gives a contact which is there; empty when it gives none. */
    public Optional<Address> movesTo(ChangeBody change) {
        if (!(change instanceof ChangeBody.Update update) || !moves(change)) {
            return Optional.empty();
        }
        Value value = toCrm(update.fields(), update.map()).values().get(emailField);
        return value == null ? Optional.empty() : Address.parse(value.asText());
    }

    /** The CRM's own field id of the address. */
    public String emailField() {
        return emailField;
    }

    /** The address that a new contact is to have: it cannot do without. */
    public Email email(Mapped mapped, boolean map) {
        String pointer = pointer(map ? EMAIL_KEY : emailField);
        Value value = mapped.values().get(emailField);
        if (value == null || value.asText().isBlank()) {
            return new Email(null, List.of(new InputProblem(pointer, "is required")));
        }
        return Address.parse(value.asText())
                .map(address -> new Email(address, List.of()))
                .orElseGet(() -> new Email(null, List.of(new InputProblem(pointer, "must be " + Address.RULE))));
    }

    /**
     * Converts what the CRM has.
     *
     * @param map whether keys are mapped back: a field that several keys go to comes back under each, one that none goes to is left out
     * @return strings, numbers, booleans and lists of strings
     */
    public Map<String, Object> toSite(Map<String, Value> fields, boolean map) {
        Map<String, Object> site = new LinkedHashMap<>();
        if (map) {
            targets.forEach((key, target) -> {
                Value value = fields.get(target.field());
                if (value != null) {
                    site.put(key, conversion.toSite(value, target.type()));
                }
            });
        } else {
            fields.forEach((field, value) -> site.put(field, conversion.toSite(value, types.get(field))));
        }
        return site;
    }

    private static String pointer(String key) {
        return "/fields/" + key.replace("~", "~0").replace("/", "~1");
    }
}
