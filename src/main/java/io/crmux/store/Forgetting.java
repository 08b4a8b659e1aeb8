package io.crmux.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * How far forgetting has come. Changes are gone through in order of their end, a bite at a time, and each is looked at once: those that are kept because
 * they follow a dead one would otherwise be looked at again with every bite.
 *
 * @param at when the last change ended that was looked at
 * @param seq its number
 */
record Forgetting(long endedBefore, long learnedBefore, long at, long seq, boolean over) {

    static final String ENDED = """
            SELECT at, seq, connection, contact, coalesce(email_key, email) FROM changes c
            WHERE settled = 1 AND state <> 5 AND state <> 7 AND at < ?1 AND (at, seq) > (?2, ?3) ORDER BY at, seq LIMIT ?4""";

    /**
     * Whether a change follows a dead one of the same contact: by any id and address that the contact has, had or got since. Nobody is known, and so
     * nothing is looked for, where there are no dead letters.
     */
    static final String FOLLOWS = """
            WITH RECURSIVE known (id, email) AS (
              SELECT ?2, ?3 WHERE EXISTS (SELECT 1 FROM changes WHERE connection = ?1 AND state = 5)
              UNION
              SELECT a.contact, NULL FROM known CROSS JOIN aliases a ON a.connection = ?1 AND a.email = known.email
              UNION
              SELECT NULL, a.email FROM known CROSS JOIN aliases a INDEXED BY aliases_contact ON a.connection = ?1 AND a.contact = known.id
              UNION
              SELECT r.contact, NULL FROM known CROSS JOIN renames r ON r.connection = ?1 AND r.former = known.id
              UNION
              SELECT r.former, NULL FROM known CROSS JOIN renames r INDEXED BY renames_contact ON r.connection = ?1 AND r.contact = known.id)
            SELECT EXISTS (SELECT 1 FROM known CROSS JOIN changes d WHERE d.state = 5 AND d.contact IS NOT NULL
                AND d.connection = ?1 AND d.contact = known.id AND d.seq < ?4)
              OR EXISTS (SELECT 1 FROM known CROSS JOIN changes d WHERE d.state = 5 AND d.email IS NOT NULL
                AND d.connection = ?1 AND coalesce(d.email_key, d.email) = known.email AND d.seq < ?4)""";

    static final String STAGED = """
            DELETE FROM changes WHERE seq IN
            (SELECT seq FROM changes WHERE settled = 1 AND state = 7 AND at < ?1 LIMIT ?2)""";

    static final String ALIASES =
            "DELETE FROM aliases WHERE id IN (SELECT id FROM aliases WHERE learned < ?1 LIMIT ?2)";

    static final String RENAMES =
            "DELETE FROM renames WHERE id IN (SELECT id FROM renames WHERE learned < ?1 LIMIT ?2)";

    static final String REQUESTS = """
            DELETE FROM requests WHERE (connection, owner, key) IN
            (SELECT connection, owner, key FROM requests WHERE at < ?1 LIMIT ?2)""";

    private static final int BITE = 500;

    static Forgetting begin(long endedBefore, long learnedBefore) {
        return new Forgetting(endedBefore, learnedBefore, Long.MIN_VALUE, 0, false);
    }

    /** Forgets a few. */
    Forgetting some(Statements statements) throws SQLException {
        boolean more = forget(statements, STAGED, learnedBefore);
        more |= forget(statements, ALIASES, learnedBefore);
        more |= forget(statements, RENAMES, learnedBefore);
        more |= forget(statements, REQUESTS, endedBefore);
        return changes(statements, more);
    }

    private static boolean forget(Statements statements, String sql, long before) throws SQLException {
        PreparedStatement delete = statements.of(sql);
        delete.setLong(1, before);
        delete.setInt(2, BITE);
        return delete.executeUpdate() == BITE;
    }

    private Forgetting changes(Statements statements, boolean moreOfOthers) throws SQLException {
        PreparedStatement query = statements.of(ENDED);
        query.setLong(1, endedBefore);
        query.setLong(2, at);
        query.setLong(3, seq);
        query.setInt(4, BITE);
        int seen = 0;
        long lastAt = at;
        long lastSeq = seq;
        List<Long> gone = new ArrayList<>(BITE);
        try (ResultSet row = query.executeQuery()) {
            for (; row.next(); seen++) {
                lastAt = row.getLong(1);
                lastSeq = row.getLong(2);
                if (!followsADeadOne(statements, row)) {
                    gone.add(lastSeq);
                }
            }
        }
        PreparedStatement delete = statements.of("DELETE FROM changes WHERE seq = ?");
        for (long each : gone) {
            delete.setLong(1, each);
            delete.executeUpdate();
        }
        return new Forgetting(endedBefore, learnedBefore, lastAt, lastSeq, seen < BITE && !moreOfOthers);
    }

    private static boolean followsADeadOne(Statements statements, ResultSet row) throws SQLException {
        PreparedStatement query = statements.of(FOLLOWS);
        query.setLong(1, row.getLong(3));
        query.setString(2, row.getString(4));
        query.setString(3, row.getString(5));
        query.setLong(4, row.getLong(2));
        try (ResultSet follows = query.executeQuery()) {
            return follows.next() && follows.getBoolean(1);
        }
    }
}
