package io.crmux.store;

import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A change on its way into the file.
 *
 * @param body encoded when the change was handed in: what the caller does to its JSON afterwards does not matter
 */
record ChangeRow(NewChange change, String body) {

    static final String INSERT = """
            INSERT INTO changes (seq, connection, operation, contact, email, email_key, body, accepted, at, state, attempts, settled)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, 2, 0, 0)""";

    static ChangeRow of(NewChange change) {
        return new ChangeRow(change, ChangeBodies.encode(change.body()));
    }

    void insert(PreparedStatement insert, long seq, long connection) throws SQLException {
        insert.setLong(1, seq);
        insert.setLong(2, connection);
        bindOperation(insert, 3, change.operation());
        insert.setString(4, change.contactId());
        insert.setString(5, change.email());
        insert.setString(6, keyIfDifferent(change.email()));
        insert.setString(7, body);
        insert.setLong(8, change.accepted());
        insert.executeUpdate();
    }

    /** Binds an operation's id: a UUID takes 16 bytes in place of 36, in the row and in the index. */
    static void bindOperation(PreparedStatement statement, int index, UUID operation) throws SQLException {
        ByteBuffer bytes = ByteBuffer.allocate(16);
        bytes.putLong(operation.getMostSignificantBits()).putLong(operation.getLeastSignificantBits());
        statement.setBytes(index, bytes.array());
    }

    private static @Nullable String keyIfDifferent(@Nullable String email) {
        if (email == null) {
            return null;
        }
        String key = email.trim().toLowerCase(Locale.ROOT);
        return key.equals(email) ? null : key;
    }
}
