package io.crmux.connector.fake;

import io.crmux.crm.Answer;
import io.crmux.crm.Request;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What all fake CRMs have in common: a real HTTP server on a free port that remembers every call and does what it is scripted to, once, before it goes
 * on as a CRM would.
 */
public abstract class FakeCrm implements AutoCloseable {

    private static final int CHUNK = 1 << 20;
    /** As long as servers take as a rule, and some need. */
    private static final int LONGEST_ADDRESS = 16 << 10;

    private final HttpServer server;
    private final List<Received> calls = new CopyOnWriteArrayList<>();
    private final List<Exchanged> exchanges = new CopyOnWriteArrayList<>();
    private final Deque<Fault> script = new ArrayDeque<>();
    private final Budget budget = new Budget();
    /** Its tokens last until a test ends them. */
    private final FakeAuthorization authorization = new FakeAuthorization(() -> 0);

    protected FakeCrm(Vertx vertx) {
        server = vertx.createHttpServer(new HttpServerOptions().setMaxInitialLineLength(LONGEST_ADDRESS))
                .requestHandler(this::receive);
        server.listen(0, "127.0.0.1").await();
    }

    /** A request as it came: the query is not decoded. */
    public record Received(
            String method, String path, @Nullable String query, List<String> headers, Buffer body) {

        /** All values of a parameter of the query. */
        public List<String> query(String name) {
            return values(query == null ? "" : query, name);
        }

        /** The names of the query's parameters. */
        public List<String> queryNames() {
            List<String> names = new ArrayList<>();
            for (String pair : (query == null ? "" : query).split("&")) {
                if (!pair.isEmpty()) {
                    names.add(decode(pair.contains("=") ? pair.substring(0, pair.indexOf('=')) : pair));
                }
            }
            return names;
        }

        /** All values of a parameter of a form. */
        public List<String> form(String name) {
            return values(body.toString(), name);
        }

        public JsonObject json() {
            return new JsonObject(body);
        }

        /** A body that is an array. */
        public JsonArray array() {
            return new JsonArray(body);
        }

        private static List<String> values(String encoded, String name) {
            List<String> values = new ArrayList<>();
            for (String pair : encoded.split("&")) {
                int equals = pair.indexOf('=');
                if (equals > 0 && decode(pair.substring(0, equals)).equals(name)) {
                    values.add(decode(pair.substring(equals + 1)));
                }
            }
            return values;
        }

        private static String decode(String text) {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }
    }

    /** An answer. */
    public record Reply(int status, String mediaType, String body, List<String> headers) {

        public static Reply json(int status, JsonObject json) {
            return new Reply(status, "application/json", json.encode(), List.of());
        }

        /** Without a body. */
        public static Reply empty(int status) {
            return new Reply(status, "application/json", "", List.of());
        }

        /** With headers: names and values in turn. */
        public Reply with(String... more) {
            return new Reply(status, mediaType, body, List.of(more));
        }
    }

    /** A call that was carried out, and its answer. */
    public record Exchanged(Received call, Reply reply) {}

    /** What goes wrong instead of an answer. */
    public sealed interface Fault {

        /** Nothing goes wrong with this one. */
        record Pass() implements Fault {}

        /** A body of so many bytes comes, and nothing is done. */
        record Huge(int bytes) implements Fault {}

        /** This is answered, and nothing done. */
        record Instead(Reply reply) implements Fault {}

        /** The connection is cut, before or after the call was carried out. */
        record Reset(boolean carriedOut) implements Fault {}

        /** No answer comes. */
        record Hang() implements Fault {}

        /** Half of the answer comes, as if it were whole; where it has no body, the connection is cut. */
        record Truncated() implements Fault {}
    }

    /** Scripts what becomes of the next calls. */
    public synchronized void next(Fault... faults) {
        script.addAll(List.of(faults));
    }

    /** Forgets what was scripted and has not happened; answers whether there was anything. */
    public synchronized boolean forgetScript() {
        boolean any = !script.isEmpty();
        script.clear();
        return any;
    }

    private synchronized @Nullable Fault fault() {
        return script.poll();
    }

    public String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** What lets applications in, where the CRM has such a thing. */
    public FakeAuthorization authorization() {
        return authorization;
    }

    /** The answer of the token endpoint. */
    protected final Reply token(Received call) {
        FakeAuthorization.Answer answer = authorization.token(call.body(), authorization(call));
        return Reply.json(answer.status(), answer.body());
    }

    /** Whether a call has a token that the authorization server has given. */
    protected final boolean isLetIn(Received call) {
        return authorization.accepts(authorization(call), "Bearer");
    }

    private static @Nullable String authorization(Received call) {
        String name = "authorization: ";
        return call.headers().stream()
                .filter(header -> header.startsWith(name))
                .map(header -> header.substring(name.length()))
                .findFirst()
                .orElse(null);
    }

    /** Every call, in order of arrival. */
    public List<Received> calls() {
        return List.copyOf(calls);
    }

    /** Every call that was carried out undisturbed, with its answer. */
    public List<Exchanged> exchanges() {
        return List.copyOf(exchanges);
    }

    /** How many calls have this text in their method, path and query. */
    public long count(String text) {
        return calls.stream()
                .filter(call -> (call.method() + " " + call.path() + "?" + call.query()).contains(text))
                .count();
    }

    /** Carries a call out without a network, and notes nothing: for tests that move the time themselves. */
    public Answer carryOut(Request request) {
        URI uri = URI.create(request.uri());
        List<String> headers = request.headers().stream()
                .map(header -> header.name().toLowerCase(Locale.ROOT) + ": " + header.value())
                .toList();
        Buffer body = request.body() == null ? Buffer.buffer() : request.body();
        Reply reply = reply(new Received(request.method().name(), uri.getRawPath(), uri.getRawQuery(), headers, body));
        MultiMap all = MultiMap.caseInsensitiveMultiMap().add("content-type", reply.mediaType());
        for (int i = 0; i < reply.headers().size(); i += 2) {
            all.add(reply.headers().get(i), reply.headers().get(i + 1));
        }
        return new Answer(reply.status(), all, Buffer.buffer(reply.body()));
    }

    private void receive(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            List<String> headers = request.headers().entries().stream()
                    .map(header -> header.getKey().toLowerCase(Locale.ROOT) + ": " + header.getValue())
                    .toList();
            Received call = new Received(
                    request.method().name(), String.valueOf(request.path()), request.query(), headers, body);
            calls.add(call);
            answer(request, call);
        });
    }

    private void answer(HttpServerRequest request, Received call) {
        Fault fault = fault();
        if (fault instanceof Fault.Instead instead) {
            send(request, instead.reply());
        } else if (fault instanceof Fault.Reset reset) {
            if (reset.carriedOut()) {
                handle(call);
            }
            request.connection().close();
        } else if (fault instanceof Fault.Truncated) {
            Reply reply = handle(call);
            if (reply.body().isEmpty()) {
                request.connection().close();
                return;
            }
            String half = reply.body().substring(0, reply.body().length() / 2);
            send(request, new Reply(reply.status(), reply.mediaType(), half, List.of()));
        } else if (fault instanceof Fault.Huge huge) {
            pour(request.response().setChunked(true), huge.bytes());
        } else if (fault == null || fault instanceof Fault.Pass) {
            Reply reply = reply(call);
            exchanges.add(new Exchanged(call, reply));
            send(request, reply);
        }
    }

    /** A valid beginning, and then more of it until the other side has had enough. */
    private static void pour(HttpServerResponse response, int bytes) {
        response.exceptionHandler(hadEnough -> {});
        if (bytes <= 0 || response.closed()) {
            response.end().otherwiseEmpty();
            return;
        }
        response.write("[" + " ".repeat(CHUNK)).onSuccess(written -> pour(response, bytes - CHUNK));
    }

    private static void send(HttpServerRequest request, Reply reply) {
        request.response().setStatusCode(reply.status()).putHeader("content-type", reply.mediaType());
        for (int i = 0; i < reply.headers().size(); i += 2) {
            request.response().putHeader(reply.headers().get(i), reply.headers().get(i + 1));
        }
        request.response().end(reply.body());
    }

    /** Makes a contact behind the connector's back, and the tags that are not there; answers with its id. */
    public abstract String add(String email, String... tags);

    private Reply reply(Received call) {
        Reply reply = handle(call);
        List<String> headers = new ArrayList<>(reply.headers());
        headers.addAll(tell(call, reply.status(), budget.count()));
        return new Reply(reply.status(), reply.mediaType(), reply.body(), headers);
    }

    /** How many calls the CRM counts. */
    public Budget budget() {
        return budget;
    }

    /**
     * The headers that tell of the CRM's limits: names and values in turn.
     *
     * @param counted how many calls are in the window, this one included
     */
    protected List<String> tell(Received call, int status, int counted) {
        return List.of();
    }

    /** What is left of a limit. */
    protected static String left(int limit, int counted) {
        return Integer.toString(Math.max(0, limit - counted));
    }

    /** Does what the call asks for. */
    protected abstract Reply handle(Received call);

    @Override
    public void close() {
        Future<Void> closed = server.close();
        closed.await();
    }
}
