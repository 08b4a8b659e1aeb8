package io.crmux.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** The numbers that stand for the names of connections in the file; a name that is new is given one. */
final class ConnectionIds {

    private final Statements statements;
    private final Map<String, Long> known = new HashMap<>();

    ConnectionIds(Statements statements) {
        this.statements = statements;
    }

    long of(String name) throws SQLException {
        Long id = known.get(name);
        if (id == null) {
            PreparedStatement insert =
                    statements.of("INSERT INTO connections (name) VALUES (?) ON CONFLICT (name) DO NOTHING");
            insert.setString(1, name);
            insert.executeUpdate();
            id = stored(name);
            known.put(name, id);
        }
        return id;
    }

    /** What was given since the last commit may have been undone. */
    void forget() {
        known.clear();
    }

    private long stored(String name) throws SQLException {
        PreparedStatement select = statements.of("SELECT id FROM connections WHERE name = ?");
        select.setString(1, name);
        try (ResultSet result = select.executeQuery()) {
            if (!result.next()) {
                throw new SQLException("the connection " + name + " was stored and is not there");
            }
            return result.getLong(1);
        }
    }
}
