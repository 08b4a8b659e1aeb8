package io.crmux.api;

import static io.crmux.api.ApiClient.header;
import static io.crmux.api.ApiClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every status and header of the API, over a sandbox. */
@SuppressWarnings("NullAway.Init")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiTest {

    private RunningApi api;

    @BeforeAll
    void start(@TempDir Path folder) {
        api = new RunningApi(folder, "/crm/", 15_000, Duration.ofSeconds(75), 100, Map.of());
    }

    @AfterAll
    void stop() {
        api.close();
    }

    private HttpResponse<String> send(String key, String method, String path, String body, String... headers) {
        return new ApiClient("http://127.0.0.1:" + api.port() + "/crm/").send(key, method, path, body, headers);
    }

    private HttpResponse<String> get(String path, String... headers) {
        return send(RunningApi.ADMIN, "GET", path, "", headers);
    }

    @Test
    void tagsComeWithEverythingThatACacheWantsToKnow() {
        get("v1/main/contacts/7/tags");
        HttpResponse<String> hit = get("v1/main/contacts/7/tags");
        assertThat(hit.statusCode()).isEqualTo(200);
        assertThat(hit.body()).isEqualTo("{\"id\":\"7\",\"tags\":[\"customer\",\"vip\"]}");
        assertThat(header(hit, "content-type")).isEqualTo("application/json");
        assertThat(header(hit, "cache-control")).isEqualTo("private, no-cache");
        assertThat(header(hit, "cache-status")).matches("crmux; hit; ttl=(900|89\\d)");
        assertThat(header(hit, "age")).matches("\\d");
        assertThat(header(hit, "x-request-id")).isNotEmpty();
        String etag = header(hit, "etag");
        assertThat(etag).matches("\"[0-9a-f]{16}\"");
        HttpResponse<String> unchanged = get("v1/main/contacts/7/tags", "if-none-match", "\"x\", " + etag);
        assertThat(unchanged.statusCode()).isEqualTo(304);
        assertThat(unchanged.body()).isEmpty();
        assertThat(header(unchanged, "etag")).isEqualTo(etag);
        assertThat(header(get("v1/main/contacts/8/tags"), "etag")).isNotEqualTo(etag);
        assertThat(header(get("v1/main/contacts/9/tags"), "cache-status")).isEqualTo("crmux; fwd=miss");
    }

    @Test
    void headIsGetWithoutItsBody() {
        HttpResponse<String> head = send(RunningApi.ADMIN, "HEAD", "v1/main/contacts/7/tags", "");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "content-length")).isNotEqualTo("0");
    }

    @Test
    void aContactIsNamedByIdOrAddressInEveryEncoding() {
        for (String contact :
                new String[] {"7", "email:user7@example.com", "email%3AUSER7%40example.com", "email:user7%40EXAMPLE.com"
                }) {
            assertThat(get("v1/main/contacts/" + contact + "/id").body()).isEqualTo("{\"id\":\"7\"}");
        }
        String plus = "{\"fields\":{\"user_email\":\"a+b@example.com\"}}";
        assertThat(send(RunningApi.ADMIN, "POST", "v1/main/contacts", plus).statusCode())
                .isEqualTo(201);
        assertThat(get("v1/main/contacts/email:a+b@example.com/id").statusCode())
                .isEqualTo(200);
        assertThat(get("v1/main/contacts/email:a%20b@example.com/id").statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    GET    | v1/main/contacts/0/tags             |                                | 404 | contact-not-found
                    GET    | v1/main/contacts/email:none@x/tags  |                                | 404 | contact-not-found
                    GET    | v1/main/contacts/email:nobody/tags  |                                | 400 | malformed
                    GET    | v1/main/contacts                    |                                | 400 | malformed
                    GET    | v1/main/contacts?tag=vip&limit=0    |                                | 400 | malformed
                    GET    | v1/main/contacts?tag=vip&limt=1     |                                | 400 | malformed
                    GET    | v1/main/contacts?tag=nonsense       |                                | 422 | tag-unknown
                    GET    | v1/main/contacts/1?map_meta_fields=x|                                | 400 | malformed
                    GET    | v1/main/operations/none             |                                | 404 | not-found
                    GET    | v1/main/nothing                     |                                | 404 | not-found
                    GET    | v1/other/tags                       |                                | 404 | not-found
                    GET    | nothing                             |                                | 404 | not-found
                    PUT    | v1/main/contacts/1/tags             |                                | 405 | method
                    DELETE | v1/main/lists                       |                                | 405 | method
                    POST   | v1/main/contacts/1/tags             | {"tags":[]}                    | 400 | malformed
                    POST   | v1/main/contacts/1/tags             | {"tags":"vip"}                 | 400 | malformed
                    POST   | v1/main/contacts/1/tags             | {"tags":[1]}                   | 400 | malformed
                    POST   | v1/main/contacts/1/tags             | {"tags":["a"],"more":1}        | 400 | malformed
                    POST   | v1/main/contacts/1/tags             | {"tags":["a"],"tags":["b"]}    | 400 | malformed
                    POST   | v1/main/contacts/1/tags             | {"tags":["a"]                  | 400 | malformed
                    POST   | v1/main/contacts/1/tags             | {"tags":["a"]} x               | 400 | malformed
                    POST   | v1/main/contacts/1/tags             | []                             | 400 | malformed
                    PATCH  | v1/main/contacts/1/tags             | {}                             | 400 | malformed
                    PATCH  | v1/main/contacts/1/tags             | {"apply":["a"],"remove":["a"]} | 422 | invalid
                    DELETE | v1/main/contacts/1/tags             |                                | 400 | malformed
                    POST   | v1/main/contacts                    | {"fields":{}}                  | 422 | invalid
                    POST   | v1/main/contacts                    | {"fields":{"user_email":"x"}}  | 422 | invalid
                    POST   | v1/main/contacts                    | {"fields":{"user_email":{}}}   | 400 | malformed
                    POST   | v1/main/contacts                    | {"field":{}}                   | 400 | malformed
                    PATCH  | v1/main/contacts/1                  | {"fields":{"user_registered":"soon"}} | 422 | invalid
                    POST   | v1/main/contacts/1/events           | {"properties":{}}              | 400 | malformed
                    POST   | v1/main/tags                        | {"name":" "}                   | 400 | malformed
                    POST   | v1/main/lookup                      | {"emails":[]}                  | 400 | malformed
                    POST   | v1/main/lookup                      | {"emails":["x"]}               | 422 | invalid
                    """)
    void badInputGetsAClearProblem(String method, String path, String body, int status, String type) {
        HttpResponse<String> response = send(RunningApi.ADMIN, method, path, body == null ? "" : body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(header(response, "content-type")).isEqualTo("application/problem+json");
        assertThat(json(response).getString("type")).isEqualTo(type);
        assertThat(json(response).getString("detail")).isNotBlank();
        assertThat(json(response).getString("request")).isEqualTo(header(response, "x-request-id"));
    }

    @Test
    void whatIsNestedTooDeeplyIsRefused() {
        String deep = "{\"fields\":" + "{\"a\":".repeat(40) + "1" + "}".repeat(40) + "}";
        HttpResponse<String> response = send(RunningApi.ADMIN, "POST", "v1/main/contacts", deep);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).getString("detail")).contains("levels deep");
    }

    @Test
    void problemsPointAtWhatIsWrong() {
        JsonObject problem = json(
                send(RunningApi.ADMIN, "PATCH", "v1/main/contacts/1", "{\"fields\":{\"user_registered\":\"soon\"}}"));
        assertThat(problem.getJsonArray("errors").getJsonObject(0).getString("pointer"))
                .isEqualTo("/fields/user_registered");
        JsonObject type = json(send(RunningApi.ADMIN, "POST", "v1/main/contacts", "{\"fields\":{\"a\":{\"b\":1}}}"));
        assertThat(type.getJsonArray("errors").toString()).contains("/fields/a");
    }

    @Test
    void keysOpenWhatTheyMay() {
        assertThat(send("", "GET", "v1/main/tags", "").statusCode()).isEqualTo(401);
        assertThat(header(send("", "GET", "v1/main/tags", ""), "www-authenticate"))
                .startsWith("Bearer");
        assertThat(send("wrong-key-0123456789abcdef", "GET", "v1/main/tags", "").statusCode())
                .isEqualTo(401);
        assertThat(send(RunningApi.READER, "GET", "v1/main/tags", "").statusCode())
                .isEqualTo(200);
        assertThat(send(RunningApi.READER, "POST", "v1/main/contacts/1/tags", "{\"tags\":[\"a\"]}")
                        .statusCode())
                .isEqualTo(403);
        assertThat(send(RunningApi.READER, "GET", "v1/other/tags", "").statusCode())
                .isEqualTo(403);
        assertThat(send(RunningApi.READER, "POST", "v1/main/connect", "").statusCode())
                .isEqualTo(403);
        assertThat(send(RunningApi.READER, "GET", "metrics", "").statusCode()).isEqualTo(403);
        assertThat(get("metrics").body()).startsWith("# metrics");
    }

    @Test
    void mediaTypesAreMinded() {
        assertThat(send(RunningApi.ADMIN, "POST", "v1/main/lookup", "{}", "content-type", "text/plain")
                        .statusCode())
                .isEqualTo(415);
        assertThat(get("v1/main/tags", "accept", "text/html").statusCode()).isEqualTo(406);
        assertThat(get("v1/main/tags", "accept", "text/html, */*;q=0.1").statusCode())
                .isEqualTo(200);
        HttpResponse<String> options = send(RunningApi.ADMIN, "OPTIONS", "v1/main/contacts/1/tags", "");
        assertThat(header(options, "allow")).contains("PATCH");
    }

    @Test
    void writesSayWhereTheirFateIs() {
        HttpResponse<String> accepted =
                send(RunningApi.ADMIN, "POST", "v1/main/contacts/20/tags", "{\"tags\":[\"gold\"]}");
        assertThat(accepted.statusCode()).isEqualTo(202);
        String location = header(accepted, "location");
        assertThat(location)
                .isEqualTo("/crm/v1/main/operations/" + json(accepted).getString("operation"));
        JsonObject fate = json(get(location.substring("/crm/".length())));
        assertThat(fate.getString("contact")).isEqualTo("20");
        assertThat(fate.getString("state")).isIn("queued", "delivering", "delivered");
        HttpResponse<String> waited =
                send(RunningApi.ADMIN, "DELETE", "v1/main/contacts/20/tags?tag=vip&tag=gold", "", "prefer", "wait=10");
        assertThat(waited.statusCode()).as(waited.body()).isEqualTo(200);
        assertThat(json(waited).getString("state")).isEqualTo("delivered");
        assertThat(header(waited, "preference-applied")).isEqualTo("wait=10");
        assertThat(get("v1/main/contacts/20/tags").body()).isEqualTo("{\"id\":\"20\",\"tags\":[\"customer\"]}");
    }

    @Test
    void addingTellsNewFromKnown() {
        String body = "{\"fields\":{\"user_email\":\"twice@example.com\",\"shoe\":9},\"tags\":[\"vip\"]}";
        HttpResponse<String> first = send(RunningApi.ADMIN, "POST", "v1/main/contacts", body);
        HttpResponse<String> second = send(RunningApi.ADMIN, "POST", "v1/main/contacts", body);
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(json(first).getJsonArray("dropped")).isEqualTo(new JsonArray().add("shoe"));
    }

    @Test
    void fieldsAreMappedBothWays() {
        String body = "{\"fields\":{\"billing_country\":\"de\",\"user_registered\":\"20260131\",\"nope\":1}}";
        HttpResponse<String> set = send(RunningApi.ADMIN, "PATCH", "v1/main/contacts/21", body, "prefer", "wait=10");
        assertThat(json(set).getJsonArray("dropped")).isEqualTo(new JsonArray().add("nope"));
        JsonObject mapped = json(get("v1/main/contacts/21")).getJsonObject("fields");
        assertThat(mapped)
                .isEqualTo(new JsonObject()
                        .put("user_email", "user21@example.com")
                        .put("billing_country", "Germany")
                        .put("user_registered", "2026-01-31"));
        JsonObject own = json(get("v1/main/contacts/21?map_meta_fields=false")).getJsonObject("fields");
        assertThat(own.getString("country")).isEqualTo("Germany");
    }

    @Test
    void manyVisitorsAreLookedUpInOrder() {
        HttpResponse<String> rows = send(
                RunningApi.ADMIN,
                "POST",
                "v1/main/lookup",
                "{\"emails\":[\"user3@example.com\",\"x@y\",\"User1@example.com\"]}");
        JsonArray contacts = json(rows).getJsonArray("contacts");
        assertThat(contacts.getJsonObject(0).getString("id")).isEqualTo("3");
        assertThat(contacts.getJsonObject(1).getString("state")).isEqualTo("missing");
        assertThat(contacts.getJsonObject(2).getJsonArray("tags"))
                .isEqualTo(new JsonArray().add("customer").add("vip"));
    }

    @Test
    void contactsWithATagArePagedOrStreamed() {
        JsonObject page = json(get("v1/main/contacts?tag=customer&limit=5"));
        assertThat(page.getJsonArray("contacts"))
                .isEqualTo(new JsonArray().add("1").add("2").add("3").add("4").add("5"));
        JsonObject next = json(get("v1/main/contacts?tag=customer&limit=5&cursor=" + page.getString("cursor")));
        assertThat(next.getJsonArray("contacts").getString(0)).isEqualTo("6");
        HttpResponse<String> lines = get("v1/main/contacts?tag=customer", "accept", "application/x-ndjson");
        assertThat(lines.body().lines()).hasSizeGreaterThanOrEqualTo(50).first().isEqualTo("{\"id\":\"1\"}");
    }

    /** More often than failures open the circuit breaker. */
    @Test
    void aCursorThatNoPageHasEndedWithIsMalformed() {
        for (int i = 0; i < 25; i++) {
            HttpResponse<String> refused = get("v1/main/contacts?tag=customer&cursor=garbage");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(json(refused).getString("type")).isEqualTo("malformed");
            assertThat(json(refused).getString("detail")).contains("cursor");
            assertThat(json(refused).containsKey("crm")).isFalse();
        }
        assertThat(get("v1/main/contacts?tag=customer&cursor=garbage", "accept", "application/x-ndjson")
                        .statusCode())
                .isEqualTo(400);
        assertThat(get("v1/main/contacts?tag=customer").statusCode()).isEqualTo(200);
    }

    @Test
    void onlyIfCachedDoesNotWait() {
        HttpResponse<String> missing = get("v1/main/contacts/33/tags", "cache-control", "only-if-cached");
        assertThat(missing.statusCode()).isEqualTo(504);
        assertThat(json(missing).getString("type")).isEqualTo("not-cached");
    }

    @Test
    void theProcessTellsHowItIs() {
        assertThat(send("", "GET", "health", "").statusCode()).isEqualTo(200);
        assertThat(send("", "GET", "ready", "").statusCode()).isEqualTo(200);
        assertThat(json(send("", "GET", "openapi.json", "")).getString("openapi"))
                .isEqualTo("3.1.0");
        HttpResponse<String> docs = send("", "GET", "docs", "");
        assertThat(docs.statusCode()).isEqualTo(200);
        assertThat(header(docs, "content-security-policy")).contains("default-src 'none'");
    }

    @Test
    void aRequestIdIsTakenOverWhenItIsSane() {
        assertThat(header(get("health", "x-request-id", "abc-1.2"), "x-request-id"))
                .isEqualTo("abc-1.2");
        assertThat(header(get("health", "x-request-id", "a b"), "x-request-id")).isNotEqualTo("a b");
    }

    @Test
    void caches() {
        assertThat(send(RunningApi.ADMIN, "DELETE", "v1/main/cache", "").statusCode())
                .isEqualTo(204);
        assertThat(send(RunningApi.ADMIN, "DELETE", "v1/main/contacts/1/cache", "")
                        .statusCode())
                .isEqualTo(204);
        assertThat(json(send(RunningApi.ADMIN, "POST", "v1/main/connect", "")).getString("account"))
                .isEqualTo("sandbox");
        assertThat(json(get("v1/main/lists")).getJsonArray("lists")).isNotEmpty();
        assertThat(json(get("v1/main/fields")).getJsonArray("fields")).isNotEmpty();
    }
}
