package io.crmux.gateway.fields;

import io.crmux.crm.Descriptor;
import io.crmux.crm.FieldTarget;
import io.crmux.crm.Value;
import io.crmux.gateway.Address;
import io.crmux.gateway.InputProblem;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** STUB */
public final class FieldMap {
    private final Map<String, FieldTarget> map = new HashMap<>();

    public FieldMap(
            Map<String, FieldTarget> defaults, Map<String, FieldTarget> laidOver, Descriptor.Countries countries) {
        map.putAll(defaults);
        map.putAll(laidOver);
    }

    public record Mapped(Map<String, Value> values, List<String> dropped, List<InputProblem> problems) {}

    public record Email(@Nullable Address address, List<InputProblem> problems) {}

    public Mapped toCrm(JsonObject fields, boolean mapped) {
        Map<String, Value> values = new LinkedHashMap<>();
        List<String> dropped = new ArrayList<>();
        for (String key : fields.fieldNames()) {
            FieldTarget target = mapped ? map.get(key) : FieldTarget.text(key);
            Object value = fields.getValue(key);
            if (target == null) {
                dropped.add(key);
            } else {
                values.put(target.field(), value == null ? Value.cleared() : Value.text(value.toString()));
            }
        }
        return new Mapped(values, dropped, List.of());
    }

    public Email email(Mapped mapped, boolean map) {
        Value value = mapped.values().get("email");
        return value == null
                ? new Email(null, List.of(new InputProblem("/fields/user_email", "is required")))
                : new Email(Address.parse(value.asText()).orElse(null), List.of());
    }

    public Map<String, Object> toSite(Map<String, Value> crm, boolean mapped) {
        Map<String, Object> site = new LinkedHashMap<>();
        crm.forEach((key, value) -> {
            if (!mapped) {
                site.put(key, value.asText());
            }
            map.forEach((siteKey, target) -> {
                if (mapped && target.field().equals(key)) {
                    site.put(siteKey, value.asText());
                }
            });
        });
        return site;
    }
}
