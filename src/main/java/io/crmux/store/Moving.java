package io.crmux.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes what one CRM has called its contacts and tags out of what is stored of a connection, before another CRM is asked by it: an id of the one may be somebody else's in
 * the other. A contact whose address is known is left with that. The id of one whose address is not gets the former CRM's name before it, so that it is
 * nobody's.
 */
final class Moving {

    private static final String ADDRESS = """
            (SELECT a.email FROM aliases a WHERE a.connection = ?1 AND a.contact IN
              (%1$s, (SELECT r.contact FROM renames r WHERE r.connection = ?1 AND r.former = %1$s))
            ORDER BY a.learned DESC LIMIT 1)""";

    /** Those that may still be sent: neither fates nor what the CRM has already. */
    private static final String OPEN = "(settled = 0 OR state IN (5, 7))";

    private final Statements statements;
    private final Noting noting;
    private final long connection;

    Moving(Statements statements, Noting noting, long connection) {
        this.statements = statements;
        this.noting = noting;
        this.connection = connection;
    }

    /** How many changes were settled by it, beside what else it did. */
    record Done(Optional<Moved> moved, int settled) {}

    Done to(String name, String account) throws SQLException {
        String before = before(name);
        if (account.equals(before)) {
            return new Done(Optional.empty(), 0);
        }
        noting.text(Store.ACCOUNTS, name, account);
        return before == null ? new Done(Optional.empty(), 0) : from(before, name);
    }

    private @Nullable String before(String name) throws SQLException {
        PreparedStatement select = statements.of("SELECT text FROM texts WHERE kind = ? AND name = ?");
        select.setString(1, Store.ACCOUNTS);
        select.setString(2, name);
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? row.getString(1) : null;
        }
    }

    private Done from(String before, String name) throws SQLException {
        String former = before.split(" ", 2)[0] + ":";
        int settled = update("UPDATE changes SET settled = 1 WHERE connection = ?1 AND settled = 0 AND state = 4");
        update("UPDATE changes SET state = 2, result = NULL WHERE connection = ?1 AND settled = 0 AND state = 3");
        update("UPDATE changes AS c SET email = " + ADDRESS.formatted("c.contact")
                + " WHERE connection = ?1 AND email IS NULL AND " + OPEN);
        int byAddress =
                update("UPDATE changes SET contact = NULL WHERE connection = ?1 AND email IS NOT NULL AND " + OPEN);
        int without = update(
                "UPDATE changes SET contact = ?2 || contact WHERE connection = ?1 AND contact IS NOT NULL AND " + OPEN,
                former);
        update(
                "UPDATE changes AS c SET email = coalesce(c.email, " + ADDRESS.formatted("c.origin_contact")
                        + "), origin_contact = ?2 || c.origin_contact"
                        + " WHERE c.origin = ?3 AND c.origin_contact IS NOT NULL AND " + OPEN,
                former,
                name);
        for (String table : List.of("aliases", "renames", "tag_lists")) {
            update("DELETE FROM " + table + " WHERE connection = ?1");
        }
        return new Done(Optional.of(new Moved(before, byAddress, without)), settled);
    }

    private int update(String sql, String... texts) throws SQLException {
        PreparedStatement update = statements.of(sql);
        update.setLong(1, connection);
        for (int i = 0; i < texts.length; i++) {
            update.setString(i + 2, texts[i]);
        }
        return update.executeUpdate();
    }
}
