package io.crmux.store;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * How large the database may become. SQLite refuses to grow it past a number of pages; that number is smaller for what is to be accepted than for
 * the rest, so that a full store can still write down what becomes of the changes it has.
 */
final class Space {

    private static final long RESERVE_AT_MOST = 64L << 20;
    private static final long RESERVE_PART = 16;

    private final Statements statements;
    private final long reserved;
    private final long all;
    private long limit;

    private Space(Statements statements, long reserved, long all) {
        this.statements = statements;
        this.reserved = reserved;
        this.all = all;
    }

    static Space of(long maxBytes, Statements statements) throws SQLException {
        long page = statements.number("PRAGMA page_size");
        long reserve = Math.min(maxBytes / RESERVE_PART, RESERVE_AT_MOST);
        return new Space(statements, (maxBytes - reserve) / page, maxBytes / page);
    }

    /** From here on, statements may not grow the database into the reserve. */
    void leaveReserve() throws SQLException {
        limit(reserved);
    }

    /** From here on, statements may grow the database up to its limit. */
    void useReserve() throws SQLException {
        limit(all);
    }

    /** The connection may have another limit than was set last. */
    void forget() {
        limit = 0;
    }

    private void limit(long pages) throws SQLException {
        if (pages != limit) {
            try (ResultSet set =
                    statements.of("PRAGMA max_page_count = " + pages).executeQuery()) {
                limit = set.next() ? pages : 0;
            }
        }
    }
}
