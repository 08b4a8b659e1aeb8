package io.crmux.store;

import io.vertx.core.json.JsonObject;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Writes small things down, each in place of what was noted of the same before. */
final class Noting {

    private final Statements statements;

    Noting(Statements statements) {
        this.statements = statements;
    }

    /** How far a change has come, if it was settled (1) or not (0) before. Answers whether it was. */
    boolean progress(long connection, Progress progress, int settledBefore) throws SQLException {
        PreparedStatement update = statements.of("""
                UPDATE changes SET state = ?, attempts = ?, at = ?, waiting_for = ?, problem = ?, result = ?, settled = ?
                WHERE seq = ? AND connection = ? AND settled = ?""");
        update.setInt(1, States.number(progress.state()));
        update.setInt(2, progress.attempts());
        update.setLong(3, progress.at());
        update.setString(4, progress.waitingFor());
        update.setString(5, encoded(progress.problem()));
        update.setString(6, encoded(progress.result()));
        update.setInt(7, progress.settled() ? 1 : 0);
        update.setLong(8, progress.seq());
        update.setLong(9, connection);
        update.setInt(10, settledBefore);
        return update.executeUpdate() > 0;
    }

    /** Whose a change is: what is null stays as it is. Only a mirrored change has an origin. */
    void identity(long connection, long seq, @Nullable String email, @Nullable String originContact)
            throws SQLException {
        PreparedStatement update = statements.of("""
                UPDATE changes SET email_key = CASE WHEN ?1 IS NULL THEN email_key ELSE ?2 END, email = coalesce(?1, email),
                  origin_contact = CASE WHEN origin IS NULL THEN NULL ELSE coalesce(?3, origin_contact) END
                WHERE seq = ?4 AND connection = ?5""");
        update.setString(1, email);
        update.setString(2, email == null ? null : ChangeRow.keyIfDifferent(email));
        update.setString(3, originContact);
        update.setLong(4, seq);
        update.setLong(5, connection);
        update.executeUpdate();
    }

    void alias(long connection, Alias alias) throws SQLException {
        PreparedStatement upsert = statements.of("""
                INSERT INTO aliases (connection, email, contact, learned) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (connection, email) DO UPDATE SET contact = ?3, learned = ?4""");
        upsert.setLong(1, connection);
        upsert.setString(2, alias.emailKey());
        upsert.setString(3, alias.contactId());
        upsert.setLong(4, alias.learned());
        upsert.executeUpdate();
    }

    /**
     * The row is a new one even when the former id was known, so that rows are in the order in which they were noted. Where an id is in use again, what is
     * not settled of the contact that had it before goes by the id that it has now.
     */
    void rename(long connection, Rename rename) throws SQLException {
        if (rename.isInUseAgain()) {
            leave(connection, rename.formerId());
        }
        PreparedStatement replace = statements.of(
                "INSERT OR REPLACE INTO renames (connection, former, contact, learned) VALUES (?, ?, ?, ?)");
        replace.setLong(1, connection);
        replace.setString(2, rename.formerId());
        replace.setString(3, rename.contactId());
        replace.setLong(4, rename.learned());
        replace.executeUpdate();
    }

    private void leave(long connection, String id) throws SQLException {
        PreparedStatement update = statements.of("""
                UPDATE changes SET contact = renames.contact FROM renames
                WHERE changes.connection = ?1 AND changes.contact = ?2 AND settled = 0
                  AND renames.connection = ?1 AND renames.former = ?2""");
        update.setLong(1, connection);
        update.setString(2, id);
        update.executeUpdate();
    }

    void request(long connection, Remembered request) throws SQLException {
        PreparedStatement replace = statements.of("""
                INSERT OR REPLACE INTO requests (connection, owner, key, fingerprint, operation, answer, at)
                VALUES (?, ?, ?, ?, ?, ?, ?)""");
        replace.setLong(1, connection);
        replace.setString(2, request.key().owner());
        replace.setString(3, request.key().key());
        replace.setString(4, request.fingerprint());
        replace.setBytes(5, request.operation() == null ? null : Operations.bytes(request.operation()));
        replace.setString(6, encoded(request.answer()));
        replace.setLong(7, request.at());
        replace.executeUpdate();
    }

    void tagList(long connection, String tags, long loaded) throws SQLException {
        PreparedStatement replace =
                statements.of("INSERT OR REPLACE INTO tag_lists (connection, tags, loaded) VALUES (?, ?, ?)");
        replace.setLong(1, connection);
        replace.setString(2, tags);
        replace.setLong(3, loaded);
        replace.executeUpdate();
    }

    void text(String kind, String name, String text) throws SQLException {
        PreparedStatement replace = statements.of("INSERT OR REPLACE INTO texts (kind, name, text) VALUES (?, ?, ?)");
        replace.setString(1, kind);
        replace.setString(2, name);
        replace.setString(3, text);
        replace.executeUpdate();
    }

    void noText(String kind, String name) throws SQLException {
        PreparedStatement delete = statements.of("DELETE FROM texts WHERE kind = ? AND name = ?");
        delete.setString(1, kind);
        delete.setString(2, name);
        delete.executeUpdate();
    }

    private static @Nullable String encoded(@Nullable JsonObject json) {
        return json == null ? null : json.encode();
    }
}
