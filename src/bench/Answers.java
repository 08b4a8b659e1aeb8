import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/** What Vert.x itself takes for an answer like crmux's: the same headers, of which the ETag and the request's name are made for each answer, as the body is. */
public class Answers {

    public static void main(String[] args) {
        byte[] body =
                "{\"id\":\"17\",\"tags\":[\"customer\",\"vip\",\"newsletter\",\"course-a\"]}".getBytes(StandardCharsets.UTF_8);
        byte[] etag = "\"0123456789abcdef\"".getBytes(StandardCharsets.US_ASCII);
        byte[] name = "0123456789-01234".getBytes(StandardCharsets.US_ASCII);
        CharSequence id = HttpHeaders.createOptimized("x-request-id");
        CharSequence policyName = HttpHeaders.createOptimized("ratelimit-policy");
        CharSequence limitName = HttpHeaders.createOptimized("ratelimit");
        CharSequence cacheStatusName = HttpHeaders.createOptimized("cache-status");
        CharSequence json = HttpHeaders.createOptimized("application/json");
        CharSequence length = HttpHeaders.createOptimized(Integer.toString(body.length));
        CharSequence cacheControl = HttpHeaders.createOptimized("private, no-cache");
        CharSequence cacheStatus = HttpHeaders.createOptimized("crmux; hit; ttl=599");
        CharSequence age = HttpHeaders.createOptimized("1");
        CharSequence policy = HttpHeaders.createOptimized("\"at-once\";q=10;qu=\"concurrent-requests\"");
        CharSequence limit = HttpHeaders.createOptimized("\"at-once\";r=10");
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        vertx.deployVerticle(
                        () -> new VerticleBase() {
                            @Override
                            public Future<?> start() {
                                return vertx.createHttpServer()
                                        .requestHandler(request -> request.response()
                                                .putHeader(id, new String(name, StandardCharsets.ISO_8859_1))
                                                .putHeader(policyName, policy)
                                                .putHeader(limitName, limit)
                                                .putHeader(HttpHeaders.CACHE_CONTROL, cacheControl)
                                                .putHeader(HttpHeaders.AGE, age)
                                                .putHeader(cacheStatusName, cacheStatus)
                                                .putHeader(HttpHeaders.ETAG, new String(etag, StandardCharsets.ISO_8859_1))
                                                .putHeader(HttpHeaders.CONTENT_TYPE, json)
                                                .putHeader(HttpHeaders.CONTENT_LENGTH, length)
                                                .end(Buffer.buffer(body.length).appendBytes(body)))
                                        .listen(Integer.parseInt(args[0]), "127.0.0.1");
                            }
                        },
                        new DeploymentOptions())
                .await();
    }
}
