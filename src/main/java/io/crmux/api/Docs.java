package io.crmux.api;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.Map;

/**
 * The page that shows the API. Everything on it comes from here, and its policy forbids the browser to load anything from elsewhere.
 */
final class Docs {

    private static final String ASSETS = "META-INF/resources/webjars/swagger-ui/5.34.1/";
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>crmux: the API</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <link rel="stylesheet" href="docs/swagger-ui.css">
            </head>
            <body>
            <div id="api"></div>
            <script src="docs/swagger-ui-bundle.js"></script>
            <script src="docs/start.js"></script>
            </body>
            </html>
            """;
    private static final String START = """
            window.addEventListener('load', () => {
              SwaggerUIBundle({ url: 'openapi.json', dom_id: '#api', deepLinking: false, validatorUrl: null });
            });
            """;
    private static final Map<String, String> FROM_JAR = Map.of(
            "/docs/swagger-ui.css",
            "text/css; charset=utf-8",
            "/docs/swagger-ui-bundle.js",
            "text/javascript; charset=utf-8");

    private final Vertx vertx;

    Docs(Vertx vertx) {
        this.vertx = vertx;
    }

    void handle(Exchange exchange, String path) {
        exchange.headers().set("content-security-policy", POLICY).set("x-content-type-options", "nosniff");
        String type = FROM_JAR.get(path);
        if (path.equals("/docs")) {
            exchange.send(200, "text/html; charset=utf-8", Buffer.buffer(PAGE));
        } else if (path.equals("/docs/start.js")) {
            exchange.send(200, "text/javascript; charset=utf-8", Buffer.buffer(START));
        } else if (type != null) {
            vertx.fileSystem()
                    .readFile(ASSETS + path.substring("/docs/".length()))
                    .onSuccess(asset -> {
                        exchange.headers().set(HttpHeaders.CACHE_CONTROL, "public, max-age=3600");
                        exchange.send(200, type, asset);
                    })
                    .onFailure(exchange::fail);
        } else {
            exchange.problem(Problem.notFound("page"));
        }
    }
}
