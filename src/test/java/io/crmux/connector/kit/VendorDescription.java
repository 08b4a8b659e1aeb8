package io.crmux.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmux.connector.fake.FakeCrm.Exchanged;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A vendor's own description of its API (OpenAPI 3.1, whose schemas are JSON Schema 2020-12), to hold against what a connector sends and against what our
 * fake answers, so that neither drifts into fiction. Paths that the description has not are listed, and no failure.
 */
public final class VendorDescription {

    private static final JsonSchemaOptions OPTIONS = new JsonSchemaOptions()
            .setDraft(Draft.DRAFT202012)
            .setBaseUri("app://vendor/")
            .setOutputFormat(OutputFormat.Basic);

    /** What the validator says of all that is around what is wrong. */
    private static final Pattern FOLLOWS = Pattern.compile(
            "A subschema had errors|did not match schema|does not match (additional properties )?schema");

    private final JsonObject document;
    private final Set<String> undescribed = new TreeSet<>();
    private final Map<Map<String, Object>, Validator> validators = new IdentityHashMap<>();

    private VendorDescription(JsonObject document) {
        this.document = document;
        if (document.getString("openapi").startsWith("3.0")) {
            Openapi30.toJsonSchema(document);
        }
    }

    /** Whether the vendor's description is there to be read. */
    public static boolean isThere(String slug) {
        return Files.isReadable(folder().resolve(slug + ".json"));
    }

    /** Says whether it can tell right from wrong: a description that lets everything pass proves nothing. */
    public void refuses(String method, String path, JsonObject right, JsonObject wrong) {
        JsonObject schema = bodySchema(method, path);
        assertThat(validate(schema, right)).isEmpty();
        assertThat(validate(schema, wrong)).isNotEmpty();
    }

    /**
     * Fails when something differs that is not known to.
     *
     * @param known patterns of differences between the description and reality
     * @param missing patterns of calls that the description has not
     */
    public void holds(List<Exchanged> exchanges, Set<String> known, Set<String> missing) {
        Set<String> differences = new TreeSet<>();
        exchanges.forEach(exchanged -> differences.addAll(differences(exchanged)));
        assertThat(differences.stream().filter(difference -> known.stream().noneMatch(difference::matches)))
                .isEmpty();
        assertThat(undescribed).allMatch(call -> missing.stream().anyMatch(call::matches));
        assertThat(known).allMatch(pattern -> differences.stream().anyMatch(each -> each.matches(pattern)));
    }

    /** Where the descriptions are: the folder beside the project, unless CRMUX_SHARED names another. */
    public static Path folder() {
        String shared = System.getenv("CRMUX_SHARED");
        return Path.of(shared == null ? "../shared" : shared, "specs");
    }

    public static VendorDescription of(String slug) {
        try {
            return new VendorDescription(
                    new JsonObject(Buffer.buffer(Files.readAllBytes(folder().resolve(slug + ".json")))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Calls that the description does not know. */
    public Set<String> undescribed() {
        return undescribed;
    }

    /** What is not as the vendor describes it, in words; empty when all is, or nothing is described. */
    public List<String> differences(Exchanged exchanged) {
        String method = exchanged.call().method().toLowerCase(Locale.ROOT);
        String path = exchanged.call().path();
        Optional<JsonObject> operation = operation(method, path);
        String name = method + " "
                + template(method, path).orElseGet(() -> path.replaceAll("/(\\d{2,}|[0-9a-f]{32})(?=/|$)", "/{id}"));
        if (operation.isEmpty()) {
            undescribed.add(name);
            return List.of();
        }
        List<String> differences = new ArrayList<>();
        query(operation.get(), exchanged).forEach(each -> differences.add(name + " query: " + each));
        headers(operation.get(), exchanged).forEach(each -> differences.add(name + " headers: " + each));
        if (exchanged.call().body().length() > 0) {
            schema(operation.get().getJsonObject("requestBody"))
                    .ifPresent(schema -> validate(schema, value(exchanged.call().body()))
                            .forEach(each -> differences.add(name + " body: " + each)));
        }
        JsonObject responses = operation.get().getJsonObject("responses");
        int status = exchanged.reply().status();
        JsonObject response = Stream.of(Integer.toString(status), status / 100 + "XX", "default")
                .map(responses::getJsonObject)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (response == null) {
            differences.add(name + " answers " + status + ", which is not described");
        } else if (!exchanged.reply().body().isEmpty()) {
            schema(resolved(response))
                    .ifPresent(schema -> validate(
                                    schema,
                                    value(Buffer.buffer(exchanged.reply().body())))
                            .forEach(each -> differences.add(name + " answer " + status + ": " + each)));
        }
        return differences;
    }

    private static Object value(Buffer json) {
        return Json.decodeValue(json);
    }

    private List<String> headers(JsonObject operation, Exchanged exchanged) {
        return operation.getJsonArray("parameters", new JsonArray()).stream()
                .map(parameter -> resolved((JsonObject) parameter))
                .filter(parameter -> "header".equals(parameter.getString("in")))
                .filter(parameter -> parameter.getBoolean("required", false))
                .map(parameter -> parameter.getString("name").toLowerCase(Locale.ROOT))
                .filter(name -> exchanged.call().headers().stream().noneMatch(header -> header.startsWith(name + ": ")))
                .map(name -> name + " is missing")
                .toList();
    }

    private Optional<JsonObject> operation(String method, String path) {
        return template(method, path)
                .map(template ->
                        document.getJsonObject("paths").getJsonObject(template).getJsonObject(method));
    }

    /** A path without names goes before one with: {@code contacts/search} is no contact. */
    private Optional<String> template(String method, String path) {
        JsonObject paths = document.getJsonObject("paths");
        return paths.fieldNames().stream()
                .filter(template -> matches(template, path))
                .filter(template -> paths.getJsonObject(template).containsKey(method))
                .min(Comparator.comparing((String template) -> template.indexOf('{') >= 0));
    }

    private static boolean matches(String template, String path) {
        String[] parts = template.split("\\{[^}]*}", -1);
        StringBuilder pattern = new StringBuilder(Pattern.quote(parts[0]));
        for (int i = 1; i < parts.length; i++) {
            pattern.append("[^/]+").append(Pattern.quote(parts[i]));
        }
        return path.matches(pattern.toString());
    }

    private List<String> query(JsonObject operation, Exchanged exchanged) {
        List<String> differences = new ArrayList<>();
        List<JsonObject> known = operation.getJsonArray("parameters", new JsonArray()).stream()
                .map(parameter -> resolved((JsonObject) parameter))
                .filter(parameter -> "query".equals(parameter.getString("in")))
                .toList();
        Set<String> names = new TreeSet<>(exchanged.call().queryNames());
        for (JsonObject parameter : known) {
            String name = parameter.getString("name");
            if (parameter.getBoolean("required", false) && !names.contains(name)) {
                differences.add(name + " is missing");
            }
        }
        for (String name : names) {
            if (known.stream().noneMatch(parameter -> matchesParameter(parameter.getString("name"), name))) {
                differences.add(name + " is unknown");
            }
        }
        return differences;
    }

    /** Some names have a place for an operator: {@code filters[search][<operator>]}. */
    private static boolean matchesParameter(String described, String sent) {
        return described.equals(sent)
                || (described.endsWith("[<operator>]")
                        && sent.startsWith(described.substring(0, described.indexOf("[<operator>]"))));
    }

    private Optional<JsonObject> schema(@Nullable JsonObject body) {
        if (body == null) {
            return Optional.empty();
        }
        JsonObject content = resolved(body).getJsonObject("content", new JsonObject());
        return content.fieldNames().stream()
                .filter(type -> type.contains("json"))
                .findFirst()
                .map(type -> content.getJsonObject(type).getJsonObject("schema"));
    }

    private JsonObject resolved(JsonObject maybeReference) {
        String reference = maybeReference.getString("$ref");
        if (reference == null) {
            return maybeReference;
        }
        JsonObject found = document;
        for (String part : reference.substring(2).split("/")) {
            found = found.getJsonObject(part);
        }
        return found;
    }

    /** The schema becomes the root of a document with the vendor's components, so that references find them. */
    public List<String> validate(JsonObject schema, Object instance) {
        OutputUnit result = validators
                .computeIfAbsent(schema.getMap(), absent -> validator(schema))
                .validate(instance);
        if (Boolean.TRUE.equals(result.getValid())) {
            return List.of();
        }
        List<OutputUnit> errors = result.getErrors() == null ? List.of() : result.getErrors();
        return errors.stream()
                .filter(error ->
                        !FOLLOWS.matcher(String.valueOf(error.getError())).find())
                .map(error -> String.valueOf(error.getInstanceLocation()).replaceAll("/\\d+(?=/|$)", "/*") + " "
                        + error.getError())
                .distinct()
                .toList();
    }

    private Validator validator(JsonObject schema) {
        JsonObject root = schema.copy().put("components", document.getJsonObject("components"));
        return Validator.create(JsonSchema.of(root), OPTIONS);
    }

    /** The schema of the body that an operation takes. */
    public JsonObject bodySchema(String method, String path) {
        return operation(method, path)
                .flatMap(operation -> schema(operation.getJsonObject("requestBody")))
                .orElseThrow();
    }
}
