package io.crmux.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The document describes the routes that there are: their methods, rights and query parameters. */
class OpenApiTest {

    private static final String PREFIX = "/v1/{connection}/";

    private final JsonObject document = Description.read();

    private static Set<String> routes() {
        return Arrays.stream(Resource.values())
                .flatMap(resource -> HttpMethod.values().stream()
                        .filter(method -> !method.equals(HttpMethod.HEAD) && resource.right(method) != null)
                        .map(method -> method + " " + resource.template() + " needs " + resource.right(method)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyRouteIsDescribedAndNothingElse() {
        Set<String> described = new TreeSet<>();
        JsonObject paths = document.getJsonObject("paths");
        paths.stream().filter(path -> path.getKey().startsWith(PREFIX)).forEach(path -> {
            JsonObject methods = paths.getJsonObject(path.getKey());
            methods.forEach(method -> described.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey()
                    + " needs "
                    + methods.getJsonObject(method.getKey())
                            .getString("description")
                            .replaceAll("^Needs the right `(\\w+)`\\..*$", "$1")));
        });
        assertThat(described).isEqualTo(routes());
    }

    @Test
    void queriesHaveTheParametersThatAreDescribed() {
        JsonObject paths = document.getJsonObject("paths");
        for (Resource resource : Resource.values()) {
            JsonObject methods = paths.getJsonObject(resource.template());
            Set<String> described = methods.stream()
                    .map(method -> methods.getJsonObject(method.getKey()).getJsonArray("parameters", new JsonArray()))
                    .flatMap(JsonArray::stream)
                    .map(JsonObject.class::cast)
                    .filter(parameter -> "query".equals(parameter.getString("in")))
                    .map(parameter -> parameter.getString("name"))
                    .collect(Collectors.toSet());
            assertThat(described).as(resource.template()).isEqualTo(resource.query());
        }
    }

    @Test
    void everyWriteTakesAnIdempotencyKey() {
        JsonObject paths = document.getJsonObject("paths");
        for (Resource resource : Resource.values()) {
            JsonObject methods = paths.getJsonObject(resource.template());
            methods.forEach(method -> assertThat(methods.getJsonObject(method.getKey())
                            .getJsonArray("parameters")
                            .contains(new JsonObject().put("$ref", "#/components/parameters/idempotency-key")))
                    .as(method.getKey() + " " + resource.template())
                    .isEqualTo(resource.right(HttpMethod.valueOf(method.getKey().toUpperCase(Locale.ROOT)))
                            == Right.WRITE));
        }
    }
}
