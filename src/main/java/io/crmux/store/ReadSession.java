package io.crmux.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One read-only connection and its queries. Used by the reader's thread alone. */
final class ReadSession implements AutoCloseable {

    private static final String CONNECTION = "(SELECT id FROM connections WHERE name = ?1)";

    static final String UNSETTLED = "SELECT " + StoredRow.COLUMN + " FROM changes WHERE connection = " + CONNECTION
            + " AND settled = 0 ORDER BY seq";

    static final String OPERATION = "SELECT " + StoredRow.COLUMN
            + " FROM changes WHERE operation = ?2 AND connection = " + CONNECTION + " ORDER BY seq";

    static final String DEAD_LETTERS =
            "SELECT count(*) FROM changes WHERE connection = " + CONNECTION + " AND state = 5";

    /**
     * All addresses of the contacts of unsettled changes: of those whose id a change has, and of those whose address a change has. The order of the
     * joins and the index are prescribed: the other ways round take a time that grows with the square of what is stored.
     */
    static final String ALIASES = """
            WITH concerned (contact) AS (
              SELECT contact FROM changes WHERE connection = %1$s AND settled = 0 AND contact IS NOT NULL
              UNION
              SELECT a.contact FROM changes c CROSS JOIN aliases a ON a.connection = c.connection AND a.email = coalesce(c.email_key, c.email)
              WHERE c.connection = %1$s AND c.settled = 0 AND c.email IS NOT NULL)
            SELECT a.email, a.contact, a.learned FROM concerned CROSS JOIN aliases a INDEXED BY aliases_contact
            ON a.connection = %1$s AND a.contact = concerned.contact""".formatted(CONNECTION);

    private final Connection connection;
    private final Statements statements;

    private ReadSession(Connection connection) {
        this.connection = connection;
        this.statements = new Statements(connection);
    }

    static ReadSession open(StoreFiles files, Platform platform) throws SQLException {
        return new ReadSession(platform.open(files.database(), true));
    }

    Recovered recover(String name) throws SQLException {
        List<StoredChange> unsettled = changes(named(UNSETTLED, name), name);
        return new Recovered(unsettled, hasAliases(name) ? aliases(name) : List.of(), List.of());
    }

    List<StoredChange> operation(String name, UUID operation) throws SQLException {
        PreparedStatement query = named(OPERATION, name);
        ChangeRow.bindOperation(query, 2, operation);
        return changes(query, name);
    }

    long deadLetters(String name) throws SQLException {
        PreparedStatement query = named(DEAD_LETTERS, name);
        try (ResultSet result = query.executeQuery()) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    Optional<TagList> tagList(String name) throws SQLException {
        PreparedStatement query = named("SELECT tags, loaded FROM tag_lists WHERE connection = " + CONNECTION, name);
        try (ResultSet result = query.executeQuery()) {
            return result.next()
                    ? Optional.of(new TagList(TagLists.decode(result.getString(1)), result.getLong(2)))
                    : Optional.empty();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private boolean hasAliases(String name) throws SQLException {
        try (ResultSet result = named("SELECT 1 FROM aliases WHERE connection = " + CONNECTION + " LIMIT 1", name)
                .executeQuery()) {
            return result.next();
        }
    }

    private List<Alias> aliases(String name) throws SQLException {
        List<Alias> aliases = new ArrayList<>();
        try (ResultSet result = named(ALIASES, name).executeQuery()) {
            while (result.next()) {
                aliases.add(new Alias(result.getString(1), result.getString(2), result.getLong(3)));
            }
        }
        return aliases;
    }

    private static List<StoredChange> changes(PreparedStatement query, String name) throws SQLException {
        List<StoredChange> changes = new ArrayList<>();
        Shared shared = new Shared();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                changes.add(StoredRow.read(row.getBytes(1), name, shared));
            }
        }
        return changes;
    }

    private PreparedStatement named(String sql, String name) throws SQLException {
        PreparedStatement query = statements.of(sql);
        query.setString(1, name);
        return query;
    }
}
