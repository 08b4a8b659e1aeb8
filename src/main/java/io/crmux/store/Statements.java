package io.crmux.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** The prepared statements of one connection, kept: preparing costs more than running. */
final class Statements implements AutoCloseable {

    private final Connection connection;
    private final Map<String, PreparedStatement> kept = new HashMap<>();

    Statements(Connection connection) {
        this.connection = connection;
    }

    PreparedStatement of(String sql) throws SQLException {
        PreparedStatement statement = kept.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            kept.put(sql, statement);
        }
        return statement;
    }

    /** The one number that a query without parameters answers. */
    long number(String sql) throws SQLException {
        try (ResultSet result = of(sql).executeQuery()) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    /** Lets go of all of them: the driver does not use a statement again that has failed. */
    @Override
    public void close() throws SQLException {
        try {
            for (PreparedStatement statement : kept.values()) {
                statement.close();
            }
        } finally {
            kept.clear();
        }
    }
}
