package io.crmux.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * How much room unsettled changes take that mirror others, by the connection that mirrors. They may take half of the store, so that a mirror that is
 * down for long leaves the other half to those whose CRMs work.
 */
record Mirrored(Map<Long, Share> byConnection) {

    /** What a row takes beside its body, in bytes: its other columns, and its places in the indexes. */
    private static final long BESIDE_BODY = 512;

    /** Word for word the expression of the index, which so holds all that is asked. */
    static final String COUNT = """
            SELECT connection, count(*), sum(length(CAST(body AS BLOB))) FROM changes INDEXED BY changes_mirrored
            WHERE settled = 0 AND origin IS NOT NULL GROUP BY connection""";

    private static final String BODY = "SELECT octet_length(body) FROM changes WHERE seq = ? AND origin IS NOT NULL";

    record Share(long changes, long bytes) {

        static final Share NOTHING = new Share(0, 0);

        Share plus(Share other) {
            return new Share(changes + other.changes, bytes + other.bytes);
        }
    }

    /** As it is in the file. */
    static Mirrored in(Statements statements) throws SQLException {
        Map<Long, Share> counted = new HashMap<>();
        try (ResultSet row = statements.of(COUNT).executeQuery()) {
            while (row.next()) {
                long changes = row.getLong(2);
                counted.put(row.getLong(1), new Share(changes, row.getLong(3) + changes * BESIDE_BODY));
            }
        }
        return new Mirrored(Map.copyOf(counted));
    }

    /** With one more, whose body has so many bytes. */
    Mirrored with(long connection, long bodyBytes) {
        return changed(connection, new Share(1, bodyBytes + BESIDE_BODY));
    }

    /** When a change is settled, which need not be one that mirrors another. */
    Mirrored settled(long connection, long seq, Statements statements) throws SQLException {
        if (!byConnection.containsKey(connection)) {
            return this;
        }
        Share its = share(seq, statements);
        return changed(connection, new Share(-its.changes(), -its.bytes()));
    }

    /** When a change is unsettled again. */
    Mirrored unsettled(long connection, long seq, Statements statements) throws SQLException {
        return changed(connection, share(seq, statements));
    }

    private static Share share(long seq, Statements statements) throws SQLException {
        PreparedStatement query = statements.of(BODY);
        query.setLong(1, seq);
        try (ResultSet row = query.executeQuery()) {
            return row.next() ? new Share(1, row.getLong(1) + BESIDE_BODY) : Share.NOTHING;
        }
    }

    private Mirrored changed(long connection, Share by) {
        Map<Long, Share> changed = new HashMap<>(byConnection);
        changed.merge(connection, by, Share::plus);
        changed.values().removeIf(share -> share.changes() <= 0);
        return new Mirrored(Map.copyOf(changed));
    }

    /** Whether a mirror gets no more: all of them together have half of the store, and it has not less of that than others. */
    boolean isFull(long connection, StoreOptions limits) {
        Share all = byConnection.values().stream().reduce(Share.NOTHING, Share::plus);
        Share its = byConnection.getOrDefault(connection, Share.NOTHING);
        int mirrors = byConnection.size();
        return (all.changes() >= limits.maxChanges() / 2 && its.changes() * mirrors >= all.changes())
                || (all.bytes() >= limits.maxBytes() / 2 && its.bytes() * mirrors >= all.bytes());
    }
}
