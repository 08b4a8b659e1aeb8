package io.crmux.connector.fake;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The CRM of {@link LetInCrm}, over HTTP: its authorization server, and contacts whose tag is vip. */
public final class FakeLetIn implements AutoCloseable {

    private final HttpServer server;
    private final FakeAuthorization authorization = new FakeAuthorization(System::currentTimeMillis);
    private final List<String> applied = new CopyOnWriteArrayList<>();

    public FakeLetIn(Vertx vertx) {
        server = vertx.createHttpServer().requestHandler(this::answer);
        server.listen(0, "127.0.0.1").await();
        authorization.teaches(Map.of("api", url() + "/api"));
    }

    public FakeAuthorization authorization() {
        return authorization;
    }

    public String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** The contacts to whom tags were applied, one after the other. */
    public List<String> applied() {
        return List.copyOf(applied);
    }

    private void answer(HttpServerRequest request) {
        String path = String.valueOf(request.path());
        if (path.equals("/token")) {
            authorization.token(request);
        } else if (!authorization.accepts(request.getHeader("authorization"), LetInCrm.SCHEME)) {
            request.response().setStatusCode(401).end();
        } else {
            if (path.endsWith("/tags")) {
                applied.add(path.split("/")[3]);
            }
            request.response()
                    .end(new JsonObject()
                            .put("name", "Acme")
                            .put("id", "7")
                            .put("tag", "vip")
                            .toBuffer());
        }
    }

    @Override
    public void close() {
        server.close().await();
    }
}
