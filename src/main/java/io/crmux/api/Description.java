package io.crmux.api;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The OpenAPI document, and the rules in it. Read when it is needed: what is asked most needs none of it, and would wait for it at a start. One for each
 * event loop.
 */
final class Description {

    private record Prepared(Buffer text, BodyRules rules) {}

    private final Context loop;
    private final Callable<JsonObject> reading;
    private @Nullable Future<Prepared> prepared;

    /** @param loop where everything is called */
    Description(Context loop) {
        this(loop, Description::read);
    }

    Description(Context loop, Callable<JsonObject> reading) {
        this.loop = loop;
        this.reading = reading;
    }

    /** Reads the document. Blocks. */
    static JsonObject read() {
        try (InputStream document = Description.class.getResourceAsStream("openapi.json")) {
            if (document == null) {
                throw new IllegalStateException("openapi.json is not in the jar");
            }
            return new JsonObject(Buffer.buffer(document.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins to read, beside the loop, unless that was begun before: so that who needs it does not wait for it. */
    void prepare() {
        prepared();
    }

    private Future<Prepared> prepared() {
        Future<Prepared> begun = prepared;
        if (begun == null) {
            begun = loop.executeBlocking(this::readAndPrepare).map(Objects::requireNonNull);
            prepared = begun;
        }
        return begun;
    }

    private Prepared readAndPrepare() throws Exception {
        JsonObject document = reading.call();
        return new Prepared(document.toBuffer(), new BodyRules(document));
    }

    /** The document as text. */
    Future<Buffer> text() {
        return prepared().map(Prepared::text);
    }

    /** The body, if it follows the rules of a schema; fails with a problem that names each part which does not. */
    Future<JsonObject> check(String schema, JsonObject body) {
        return prepared().map(ready -> ready.rules().check(schema, body));
    }
}
