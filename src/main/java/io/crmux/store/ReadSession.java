package io.crmux.store;

import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One read-only connection and its queries. Used by the reader's thread alone. */
final class ReadSession implements AutoCloseable {

    private static final int PART = 1_000;

    private static final String CONNECTION = "(SELECT id FROM connections WHERE name = ?1)";

    /** As many as fit in one value, in order of acceptance. */
    static final String UNSETTLED =
            "SELECT count(*), CAST(group_concat(packed, '') AS BLOB) FROM (SELECT " + PackedRows.ROW
                    + " AS packed FROM changes WHERE connection = " + CONNECTION
                    + " AND settled = 0 AND seq > ?2 ORDER BY seq LIMIT " + PART + ")";

    static final String OPERATION = "SELECT " + PackedRows.ROW + " FROM changes WHERE operation = ?2 AND connection = "
            + CONNECTION + " ORDER BY seq";

    static final String REQUEST = "SELECT fingerprint, operation, answer, at FROM requests WHERE connection = "
            + CONNECTION + " AND owner = ?2 AND key = ?3";

    static final String DEAD_LETTERS =
            "SELECT count(*) FROM changes WHERE connection = " + CONNECTION + " AND state = 5";

    /**
     * All addresses of the contacts of unsettled changes: of those whose id a change has, of those whose address a change has, and of all whose ids
     * have changed, since one of these may be meant by another id. The order of the
     * joins and the index are prescribed: the other ways round take a time that grows with the square of what is stored.
     */
    static final String ALIASES = """
            WITH concerned (contact) AS (
              SELECT contact FROM changes WHERE connection = %1$s AND settled = 0 AND contact IS NOT NULL
              UNION
              SELECT a.contact FROM changes c CROSS JOIN aliases a ON a.connection = c.connection AND a.email = coalesce(c.email_key, c.email)
              WHERE c.connection = %1$s AND c.settled = 0 AND c.email IS NOT NULL
              UNION
              SELECT former FROM renames WHERE connection = %1$s
              UNION
              SELECT contact FROM renames WHERE connection = %1$s)
            SELECT a.email, a.contact, a.learned FROM concerned CROSS JOIN aliases a INDEXED BY aliases_contact
            ON a.connection = %1$s AND a.contact = concerned.contact""".formatted(CONNECTION);

    static final String LATER =
            "SELECT " + PackedRows.ROW + " FROM changes WHERE seq > ?4 AND seq <= ?5 AND connection = " + CONNECTION
                    + " AND " + OfContacts.CONDITION + " ORDER BY seq";

    static final String ALIASES_OF = """
            WITH concerned (contact) AS (
              SELECT value FROM json_each(?2)
              UNION
              SELECT e.contact FROM json_each(?3) asked CROSS JOIN aliases e ON e.connection = %1$s AND e.email = asked.value)
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

    void known(String name, Recovery recovery) throws SQLException {
        recovery.known(hasAliases(name) ? aliases(named(ALIASES, name)) : List.of(), renames(name));
    }

    /**
     * Some changes that are not settled, in order of acceptance.
     *
     * @param after the number of the last one of the part before; 0 for the first part
     * @return none when there are no more
     */
    StoredChanges unsettled(String name, long after, Shared shared) throws SQLException {
        PreparedStatement query = named(UNSETTLED, name);
        query.setLong(2, after);
        try (ResultSet row = query.executeQuery()) {
            row.next();
            byte[] packed = row.getBytes(2);
            return new PackedChanges(
                    new PackedRows(packed == null ? new byte[0] : packed, name, shared), row.getInt(1));
        }
    }

    List<StoredChange> operation(String name, UUID operation) throws SQLException {
        PreparedStatement query = named(OPERATION, name);
        query.setBytes(2, Operations.bytes(operation));
        return changes(query, name);
    }

    List<StoredChange> list(String name, ChangeState state, @Nullable Identity whose, long after, int limit)
            throws SQLException {
        PreparedStatement query = named(list(state, whose != null), name);
        if (whose != null) {
            OfContacts.bind(query, whose);
        }
        query.setLong(4, after);
        query.setInt(5, limit);
        return changes(query, name);
    }

    /** The state stands in the text: an index of the changes of one state serves no query whose state is a parameter. */
    static String list(ChangeState state, boolean ofContacts) {
        return "SELECT " + PackedRows.ROW + " FROM changes WHERE connection = " + CONNECTION + " AND state = "
                + States.number(state) + (ofContacts ? " AND " + OfContacts.CONDITION : "")
                + " AND seq > ?4 ORDER BY seq LIMIT ?5";
    }

    Later later(String name, Identity whose, long after) throws SQLException {
        long last = statements.number("SELECT seq FROM sqlite_sequence WHERE name = 'changes'");
        PreparedStatement query = named(LATER, name);
        OfContacts.bind(query, whose);
        query.setLong(4, after);
        query.setLong(5, last);
        return new Later(changes(query, name), last);
    }

    List<Alias> aliases(String name, Identity whose) throws SQLException {
        PreparedStatement query = named(ALIASES_OF, name);
        OfContacts.bind(query, whose);
        return aliases(query);
    }

    Optional<Remembered> remembered(IdempotencyKey key) throws SQLException {
        PreparedStatement query = named(REQUEST, key.connection());
        query.setString(2, key.owner());
        query.setString(3, key.key());
        try (ResultSet result = query.executeQuery()) {
            return result.next() ? Optional.of(remembered(key, result)) : Optional.empty();
        }
    }

    private static Remembered remembered(IdempotencyKey key, ResultSet row) throws SQLException {
        byte[] operation = row.getBytes(2);
        String answer = row.getString(3);
        return new Remembered(
                key,
                row.getString(1),
                operation == null ? null : Operations.at(ByteBuffer.wrap(operation), 0),
                answer == null ? null : new JsonObject(answer),
                row.getLong(4));
    }

    Map<String, String> kept(String kind) throws SQLException {
        PreparedStatement query = named("SELECT name, text FROM texts WHERE kind = ?1", kind);
        Map<String, String> texts = new HashMap<>();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                texts.put(row.getString(1), row.getString(2));
            }
        }
        return texts;
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

    private static List<Alias> aliases(PreparedStatement query) throws SQLException {
        List<Alias> aliases = new ArrayList<>();
        try (ResultSet result = query.executeQuery()) {
            while (result.next()) {
                aliases.add(new Alias(result.getString(1), result.getString(2), result.getLong(3)));
            }
        }
        return aliases;
    }

    private List<Rename> renames(String name) throws SQLException {
        List<Rename> renames = new ArrayList<>();
        PreparedStatement query = named(
                "SELECT former, contact, learned FROM renames WHERE connection = " + CONNECTION + " ORDER BY id", name);
        try (ResultSet result = query.executeQuery()) {
            while (result.next()) {
                renames.add(new Rename(result.getString(1), result.getString(2), result.getLong(3)));
            }
        }
        return renames;
    }

    private static List<StoredChange> changes(PreparedStatement query, String name) throws SQLException {
        List<StoredChange> changes = new ArrayList<>();
        Shared shared = new Shared();
        try (ResultSet row = query.executeQuery()) {
            while (row.next()) {
                changes.add(PackedRows.one(row.getBytes(1), name, shared));
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
