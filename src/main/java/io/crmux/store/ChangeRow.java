package io.crmux.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A change on its way into the file.
 *
 * @param body encoded when the change was handed in: what the caller does to its JSON afterwards does not matter
 */
record ChangeRow(NewChange change, String body) {

    static final String INSERT = """
            INSERT INTO changes (seq, connection, operation, contact, email, email_key, body, accepted, at, state, attempts, settled,
              origin, origin_contact)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, 0, ?10, ?11, ?12)""";

    static ChangeRow of(NewChange change) {
        return new ChangeRow(change, ChangeBodies.encode(change.body()));
    }

    /** @throws StoreException when one cannot be encoded */
    static List<ChangeRow> of(List<NewChange> changes) {
        List<ChangeRow> rows = new ArrayList<>(changes.size());
        try {
            changes.forEach(change -> rows.add(of(change)));
        } catch (RuntimeException unencodable) {
            throw new StoreException("a change cannot be stored: " + unencodable.getMessage(), unencodable);
        }
        return rows;
    }

    /** Inserts it in a state in which changes begin: {@link ChangeState#QUEUED}, or {@link ChangeState#STAGED}, which is settled. */
    void insert(PreparedStatement insert, long seq, long connection, ChangeState state) throws SQLException {
        Origin origin = change.origin();
        insert.setLong(1, seq);
        insert.setLong(2, connection);
        insert.setBytes(3, Operations.bytes(change.operation()));
        insert.setString(4, change.contactId());
        insert.setString(5, change.email());
        insert.setString(6, keyIfDifferent(change.email()));
        insert.setString(7, body);
        insert.setLong(8, change.accepted());
        insert.setInt(9, States.number(state));
        insert.setInt(10, state == ChangeState.STAGED ? 1 : 0);
        insert.setString(11, origin == null ? null : origin.connection());
        insert.setString(12, origin == null ? null : origin.contactId());
        insert.executeUpdate();
    }

    /** The normalised address; null where it does not differ from the address as written. */
    static @Nullable String keyIfDifferent(@Nullable String email) {
        if (email == null) {
            return null;
        }
        String key = email.trim().toLowerCase(Locale.ROOT);
        return key.equals(email) ? null : key;
    }
}
