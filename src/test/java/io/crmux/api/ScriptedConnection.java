package io.crmux.api;

import io.crmux.gateway.Connection;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A connection that notes what it is asked, and answers what was laid ready for it: the HTTP side alone is tested with it. */
final class ScriptedConnection {

    private final Map<String, Future<?>> answers = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    /** One call of a method. */
    record Asked(String method, List<Object> arguments) {}

    /** Answers every call of a method from now on. */
    ScriptedConnection on(String method, Object value) {
        return on(method, Future.succeededFuture(value));
    }

    ScriptedConnection on(String method, Future<?> answer) {
        answers.put(method, answer);
        return this;
    }

    List<Asked> asked() {
        return asked;
    }

    /** The last call. */
    Asked last() {
        return asked.get(asked.size() - 1);
    }

    Connection named(String name) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("name")) {
                        return name;
                    }
                    if (method.getName().equals("start")) {
                        return Future.succeededFuture();
                    }
                    asked.add(new Asked(method.getName(), Arrays.asList(arguments)));
                    Future<?> answer = answers.get(method.getName());
                    return answer == null
                            ? Future.failedFuture(new AssertionError("nothing is laid ready for " + method.getName()))
                            : answer;
                });
    }
}
