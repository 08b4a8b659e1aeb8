package io.crmux.api;

import io.crmux.gateway.InputProblem;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Holds request bodies against the schemas of the OpenAPI document. One for each thread. */
final class BodyRules {

    private static final JsonSchemaOptions OPTIONS = new JsonSchemaOptions()
            .setDraft(Draft.DRAFT202012)
            .setBaseUri("app://crmux/")
            .setOutputFormat(OutputFormat.Basic);

    private final Map<String, Validator> validators = new HashMap<>();
    private final JsonObject schemas;

    /** @param document the OpenAPI document, not to be used afterwards: what is made of it writes into it */
    BodyRules(JsonObject document) {
        schemas = document.getJsonObject("components").getJsonObject("schemas");
        for (String name : schemas.fieldNames()) {
            validators.put(name, Validator.create(JsonSchema.of(schemas.getJsonObject(name)), OPTIONS));
        }
    }

    /** The body, if it follows the rules; ends the chain with a problem that names each part which does not. */
    JsonObject check(String schema, JsonObject body) {
        Validator validator = validators.get(schema);
        if (validator == null) {
            throw new IllegalArgumentException("the OpenAPI document has no schema " + schema);
        }
        OutputUnit result = validator.validate(body);
        if (Boolean.TRUE.equals(result.getValid())) {
            return body;
        }
        List<OutputUnit> errors = result.getErrors() == null ? List.of() : result.getErrors();
        List<InputProblem> problems = BodyMistakes.of(schemas.getJsonObject(schema), body, errors);
        throw new Problem(400, "malformed", "the body is malformed", problems, null, null).failure();
    }
}
