package io.crmux.api;

import io.crmux.crm.Page;
import io.crmux.gateway.Connection;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Streams all contacts that have a tag, a line each: a page is asked for when the one before has been written. */
final class ContactLines {

    private static final int PAGE = 1000;

    private final Exchange exchange;
    private final Connection connection;
    private final String tag;
    private final HttpServerResponse response;
    private long bytes;

    ContactLines(Exchange exchange, Connection connection, String tag) {
        this.exchange = exchange;
        this.connection = connection;
        this.tag = tag;
        this.response = exchange.response();
    }

    /** The first page decides whether there is a stream at all; a later failure is its last line. */
    void begin(@Nullable String cursor) {
        page(cursor)
                .onSuccess(first -> {
                    response.putHeader(HttpHeaders.CONTENT_TYPE, "application/x-ndjson")
                            .setChunked(true);
                    write(first).recover(failure -> write(lastLine(failure))).onComplete(written -> {
                        exchange.streamed(200, bytes);
                        response.end();
                    });
                })
                .onFailure(exchange::fail);
    }

    private Future<Page<String>> page(@Nullable String cursor) {
        return exchange.here(connection.loadContacts(tag, PAGE, cursor, true, exchange.trace()));
    }

    private Future<Void> write(Page<String> page) {
        Buffer lines = Buffer.buffer();
        page.items()
                .forEach(id -> lines.appendBuffer(new JsonObject().put("id", id).toBuffer())
                        .appendByte((byte) '\n'));
        return write(lines)
                .compose(written -> page.cursor() == null
                        ? Future.succeededFuture()
                        : page(page.cursor()).compose(this::write));
    }

    private Future<Void> write(Buffer lines) {
        bytes += lines.length();
        return lines.length() == 0 ? Future.succeededFuture() : response.write(lines);
    }

    private static Buffer lastLine(Throwable failure) {
        Problem problem = Problems.of(failure);
        Problem told = problem == null ? Problem.of(500, "internal", "a fault of crmux") : problem;
        return new JsonObject().put("problem", told.json("")).toBuffer().appendByte((byte) '\n');
    }
}
