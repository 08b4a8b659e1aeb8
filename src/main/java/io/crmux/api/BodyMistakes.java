package io.crmux.api;

import io.crmux.gateway.InputProblem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import io.vertx.json.schema.OutputUnit;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a body, in our words, once for each place. A validator tells of one mistake several times: at the part that has it, and at each part
 * around it, which holds a part with a mistake.
 */
final class BodyMistakes {

    private static final String UNKNOWN = "additionalProperties";
    private static final Set<String> AROUND = Set.of("properties", "items", UNKNOWN);
    private static final Map<String, String> WITH_ARTICLE =
            Map.of("object", "an object", "array", "an array", "null", "null");

    private final JsonObject schema;
    private final Map<String, String> problems = new LinkedHashMap<>();

    private BodyMistakes(JsonObject schema) {
        this.schema = schema;
    }

    /**
     * The mistakes of a body, each with a JSON pointer to its place.
     *
     * @param schema that it does not follow
     * @param errors what the validator says
     */
    static List<InputProblem> of(JsonObject schema, JsonObject body, List<OutputUnit> errors) {
        BodyMistakes mistakes = new BodyMistakes(schema);
        errors.forEach(error -> mistakes.note(error, body));
        errors.forEach(mistakes::noteUnknown);
        return mistakes.problems.entrySet().stream()
                .map(problem -> new InputProblem(problem.getKey(), problem.getValue()))
                .toList();
    }

    private void note(OutputUnit error, JsonObject body) {
        String keyword = keyword(error);
        if (AROUND.contains(keyword)) {
            return;
        }
        JsonPointer place = pointer(error.getInstanceLocation());
        Object rule = pointer(error.getKeywordLocation()).queryJson(schema);
        if (keyword.equals("required") && rule instanceof JsonArray names) {
            JsonObject holder = place.queryJson(body) instanceof JsonObject object ? object : new JsonObject();
            names.stream()
                    .map(String::valueOf)
                    .filter(name -> !holder.containsKey(name))
                    .forEach(name ->
                            problems.putIfAbsent(place.copy().append(name).toString(), "is required"));
        } else {
            problems.putIfAbsent(place.toString(), words(keyword, rule));
        }
    }

    /** A part that only the rule on unknown ones finds fault with. */
    private void noteUnknown(OutputUnit error) {
        String place = pointer(error.getInstanceLocation()).toString();
        if (keyword(error).equals(UNKNOWN)
                && problems.keySet().stream().noneMatch(known -> (known + "/").startsWith(place + "/"))) {
            problems.put(place, "is unknown");
        }
    }

    private static String words(String keyword, @Nullable Object rule) {
        return switch (keyword) {
            case "type" -> "must be " + types(rule);
            case "minLength", "minProperties" -> "must not be empty";
            case "pattern" -> "must not be blank";
            case "maxLength" -> "must have at most " + rule + " characters";
            case "maxItems" -> "must have at most " + rule + " elements";
            default -> "breaks the rule " + keyword;
        };
    }

    private static String types(@Nullable Object rule) {
        List<String> types = (rule instanceof JsonArray several ? several : JsonArray.of(rule))
                .stream()
                        .map(String::valueOf)
                        .map(type -> WITH_ARTICLE.getOrDefault(type, "a " + type))
                        .toList();
        String last = types.get(types.size() - 1);
        return types.size() == 1
                ? last
                : types.stream().limit(types.size() - 1L).collect(Collectors.joining(", ")) + " or " + last;
    }

    private static String keyword(OutputUnit error) {
        String location = error.getKeywordLocation();
        return location.substring(location.lastIndexOf('/') + 1);
    }

    private static JsonPointer pointer(String fragment) {
        return JsonPointer.fromURI(URI.create(fragment));
    }
}
