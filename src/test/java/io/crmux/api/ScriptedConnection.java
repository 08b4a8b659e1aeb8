package io.crmux.api;

import io.crmux.gateway.Connection;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A connection that notes what it is asked, and answers what was laid ready for it: the HTTP side alone is tested with it. */
public final class ScriptedConnection {

    private final Map<String, Function<List<Object>, Future<?>>> answers = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    /** One call of a method. */
    public record Asked(String method, List<Object> arguments) {}

    /** Answers every call of a method from now on. */
    public ScriptedConnection on(String method, Object value) {
        return on(method, Future.succeededFuture(value));
    }

    public ScriptedConnection on(String method, Future<?> answer) {
        return answering(method, arguments -> answer);
    }

    /** Answers every call of a method from now on, each by its arguments. */
    public ScriptedConnection answering(String method, Function<List<Object>, Future<?>> answer) {
        answers.put(method, answer);
        return this;
    }

    public List<Asked> asked() {
        return asked;
    }

    /** The last call. */
    public Asked last() {
        return asked.get(asked.size() - 1);
    }

    public Connection named(String name) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("name")) {
                        return name;
                    }
                    if (method.getName().equals("start")) {
                        return Future.succeededFuture();
                    }
                    Asked call = new Asked(method.getName(), Arrays.asList(arguments));
                    asked.add(call);
                    Function<List<Object>, Future<?>> answer = answers.get(call.method());
                    return answer == null
                            ? Future.failedFuture(new AssertionError("nothing is laid ready for " + method.getName()))
                            : answer.apply(call.arguments());
                });
    }
}
