package io.crmux.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** SQLite and the disk, with a hand on what the writer does: its commits are counted, and statements and commits fail when a test says so. */
final class FaultyPlatform implements Platform {

    /** What happens at a commit or a statement. */
    interface Fault {

        /** @param what {@code commit}, or the SQL of a statement */
        void at(String what) throws Throwable;
    }

    static final String COMMIT = "commit";

    private final AtomicInteger commits = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();
    private volatile Fault fault = what -> {};
    private volatile Fault afterwards = what -> {};
    private volatile long bytesLeft = Long.MAX_VALUE;

    /** Before it is done. */
    void fault(Fault next) {
        fault = next;
    }

    /** Fails what has been done: so does a disk that does not say so any more. */
    void faultAfterwards(Fault next) {
        afterwards = next;
    }

    void noFault() {
        fault = what -> {};
        afterwards = what -> {};
    }

    /** Says how much room there is from now on. */
    void bytesLeft(long bytes) {
        bytesLeft = bytes;
    }

    @Override
    public long bytesLeft(Path file) {
        return bytesLeft;
    }

    /** Commits of the writer so far. */
    int commits() {
        return commits.get();
    }

    /** Connections of the writer so far. */
    int opened() {
        return opened.get();
    }

    @Override
    public Connection open(Path file, boolean readOnly) throws SQLException {
        Connection real = SQLITE.open(file, readOnly);
        if (readOnly) {
            return real;
        }
        opened.incrementAndGet();
        return proxy(Connection.class, (proxy, method, arguments) -> {
            if (method.getName().equals(COMMIT)) {
                fault.at(COMMIT);
                commits.incrementAndGet();
            }
            Object result = call(real, method, arguments);
            if (method.getName().equals(COMMIT)) {
                afterwards.at(COMMIT);
            }
            if (result instanceof PreparedStatement statement) {
                return statement(PreparedStatement.class, statement, String.valueOf(arguments[0]));
            }
            return result instanceof Statement statement ? statement(Statement.class, statement, null) : result;
        });
    }

    private <T extends Statement> T statement(Class<T> type, T real, @Nullable String prepared) {
        return proxy(type, (proxy, method, arguments) -> {
            if (!method.getName().startsWith("execute")) {
                return call(real, method, arguments);
            }
            String sql = prepared == null ? String.valueOf(arguments[0]) : prepared;
            fault.at(sql);
            Object result = call(real, method, arguments);
            afterwards.at(sql);
            return result;
        });
    }

    private static @Nullable Object call(Object real, java.lang.reflect.Method method, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(FaultyPlatform.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
