package io.crmux.store;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is stored of a connection, in numbers. */
public final class ConnectionSummary {

    private final String name;
    private final Map<ChangeState, Long> changes = new EnumMap<>(ChangeState.class);
    private final Map<String, Long> problems = new TreeMap<>();
    private @Nullable Long oldestWaiting;

    private ConnectionSummary(String name) {
        this.name = name;
    }

    static ConnectionSummary empty(String name) {
        return new ConnectionSummary(name);
    }

    void add(ChangeState state, long count, @Nullable Long oldest) {
        changes.merge(state, count, Long::sum);
        if (oldest != null && (oldestWaiting == null || oldest < oldestWaiting)) {
            oldestWaiting = oldest;
        }
    }

    /** The connection's name. */
    public String name() {
        return name;
    }

    /** How many changes are in a state. */
    public long changes(ChangeState state) {
        return changes.getOrDefault(state, 0L);
    }

    /** How many dead changes have a problem of a type, by type. */
    public Map<String, Long> problems() {
        return problems;
    }

    /** When the oldest change was accepted that the CRM does not have yet: milliseconds since 1970; null when there is none. */
    public @Nullable Long oldestWaiting() {
        return oldestWaiting;
    }
}
