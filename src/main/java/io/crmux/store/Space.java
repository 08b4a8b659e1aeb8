package io.crmux.store;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * How large the database may become. SQLite refuses to grow it past a number of pages; that number depends on what is being written, so that a full
 * store can still write down what becomes of the changes it has: that is what makes room again.
 */
final class Space {

    /** Who may grow the database: each up to the last page but so many parts of the reserve. */
    enum For {
        /** New changes leave the reserve alone. */
        ACCEPTING(2),
        /** What is noted on changes that stay leaves half of it. */
        NOTING(1),
        /** Settling and housekeeping may use all of it. */
        SETTLING(0);

        private final int halvesLeft;

        For(int halvesLeft) {
            this.halvesLeft = halvesLeft;
        }
    }

    private static final long RESERVE_AT_MOST = 128L << 20;
    private static final long RESERVE_PART = 8;

    private final Statements statements;
    private final long page;
    private final long pages;
    private final long reserve;
    private long limit;

    Space(long maxBytes, Statements statements) throws SQLException {
        this.page = statements.number("PRAGMA page_size");
        this.statements = statements;
        this.pages = maxBytes / page;
        this.reserve = Math.min(maxBytes / RESERVE_PART, RESERVE_AT_MOST) / page;
    }

    /** Says what the statements that follow are for. */
    void isFor(For purpose) throws SQLException {
        long wanted = limit(purpose);
        if (wanted != limit) {
            try (ResultSet set =
                    statements.of("PRAGMA max_page_count = " + wanted).executeQuery()) {
                limit = set.next() ? wanted : 0;
            }
        }
    }

    /** Whether so many bytes more could be written for a purpose: into new pages, or into those that are free. */
    boolean hasRoom(For purpose, long bytes) throws SQLException {
        long used = statements.number("PRAGMA page_count") - statements.number("PRAGMA freelist_count");
        return (limit(purpose) - used) * page >= bytes;
    }

    private long limit(For purpose) {
        return pages - reserve * purpose.halvesLeft / 2;
    }

    /** The connection may have another limit than was set last. */
    void forget() {
        limit = 0;
    }
}
