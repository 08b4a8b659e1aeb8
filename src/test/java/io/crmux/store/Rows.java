package io.crmux.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** Everything that is in the file of a store. */
final class Rows {

    private Rows() {}

    /** One text a row, with the name of its table. */
    static List<String> of(Path file) {
        try (Connection connection = Platform.SQLITE.open(file, true);
                Statement statement = connection.createStatement()) {
            List<String> rows = new ArrayList<>();
            for (String table : tables(statement)) {
                try (ResultSet row = statement.executeQuery("SELECT * FROM " + table)) {
                    while (row.next()) {
                        rows.add(table + " " + values(row));
                    }
                }
            }
            return rows;
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    private static List<String> tables(Statement statement) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet row =
                statement.executeQuery("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")) {
            while (row.next()) {
                tables.add(row.getString(1));
            }
        }
        return tables;
    }

    private static List<String> values(ResultSet row) throws SQLException {
        List<String> values = new ArrayList<>();
        for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
            values.add(
                    row.getObject(column) instanceof byte[] bytes
                            ? HexFormat.of().formatHex(bytes)
                            : Objects.toString(row.getObject(column)));
        }
        return values;
    }
}
