package io.crmux.connector.kit;

import io.crmux.connector.fake.FakeCrm.Exchanged;
import io.vertx.core.buffer.Buffer;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
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

    private final JsonObject document;
    private final Set<String> undescribed = new TreeSet<>();

    private VendorDescription(JsonObject document) {
        this.document = document;
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
        String method = exchanged.call().method().toLowerCase(java.util.Locale.ROOT);
        Optional<JsonObject> operation = operation(method, exchanged.call().path());
        String name = method + " " + exchanged.call().path().replaceAll("/\\d{2,}", "/{id}");
        if (operation.isEmpty()) {
            undescribed.add(name);
            return List.of();
        }
        List<String> differences = new ArrayList<>();
        query(operation.get(), exchanged).forEach(each -> differences.add(name + " query: " + each));
        if (exchanged.call().body().length() > 0) {
            schema(operation.get().getJsonObject("requestBody"))
                    .ifPresent(schema -> validate(schema, exchanged.call().json())
                            .forEach(each -> differences.add(name + " body: " + each)));
        }
        JsonObject responses = operation.get().getJsonObject("responses");
        JsonObject response =
                responses.getJsonObject(Integer.toString(exchanged.reply().status()));
        if (response == null) {
            differences.add(name + " answers " + exchanged.reply().status() + ", which is not described");
        } else {
            schema(resolved(response))
                    .ifPresent(schema -> validate(
                                    schema, new JsonObject(exchanged.reply().body()))
                            .forEach(each -> differences.add(name + " answer: " + each)));
        }
        return differences;
    }

    private Optional<JsonObject> operation(String method, String path) {
        JsonObject paths = document.getJsonObject("paths");
        return paths.fieldNames().stream()
                .filter(template -> matches(template, path))
                .map(template -> paths.getJsonObject(template).getJsonObject(method))
                .filter(found -> found != null)
                .findFirst();
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
        return Optional.ofNullable(content.getJsonObject("application/json")).map(json -> json.getJsonObject("schema"));
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
    public List<String> validate(JsonObject schema, JsonObject instance) {
        JsonObject root = schema.copy().put("components", document.getJsonObject("components"));
        OutputUnit result = Validator.create(JsonSchema.of(root), OPTIONS).validate(instance);
        if (Boolean.TRUE.equals(result.getValid())) {
            return List.of();
        }
        List<OutputUnit> errors = result.getErrors() == null ? List.of() : result.getErrors();
        return errors.stream()
                .map(error -> error.getInstanceLocation() + " " + error.getError())
                .distinct()
                .toList();
    }

    /** The schema of the body that an operation takes. */
    public JsonObject bodySchema(String method, String path) {
        return operation(method, path)
                .flatMap(operation -> schema(operation.getJsonObject("requestBody")))
                .orElseThrow();
    }
}
