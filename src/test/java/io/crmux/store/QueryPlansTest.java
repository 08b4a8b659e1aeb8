package io.crmux.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How SQLite goes about the queries whose cost must not grow with what is stored beside what they ask for. */
class QueryPlansTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void recoveryGoesByTheUnsettledChanges() throws SQLException {
        assertThat(plan(ReadSession.UNSETTLED))
                .contains("SEARCH changes USING INDEX changes_unsettled (connection=?)")
                .noneMatch(step -> step.contains("SCAN") || step.contains("ORDER BY"));
        assertThat(plan(ReadSession.ALIASES))
                .contains(
                        "SEARCH changes USING INDEX changes_unsettled (connection=?)",
                        "SEARCH c USING INDEX changes_unsettled (connection=?)",
                        "SEARCH a USING INDEX sqlite_autoindex_aliases_1 (connection=? AND email=?)",
                        "SEARCH a USING INDEX aliases_contact (connection=? AND contact=?)");
    }

    @Test
    void fatesAndDeadLettersAreFoundByTheirIndexes() throws SQLException {
        assertThat(plan(ReadSession.OPERATION)).contains("SEARCH changes USING INDEX changes_operation (operation=?)");
        assertThat(plan(ReadSession.DEAD_LETTERS)).anyMatch(step -> step.contains("INDEX changes_dead (connection=?)"));
    }

    @Test
    void forgettingLooksOnlyAtWhatItForgets() throws SQLException {
        assertThat(plan(WriteSession.FORGET_CHANGES))
                .contains(
                        "SEARCH changes USING INTEGER PRIMARY KEY (rowid=?)",
                        "SEARCH changes USING INDEX changes_ended (at<?)");
        assertThat(plan(WriteSession.FORGET_ALIASES))
                .contains("SEARCH aliases USING INTEGER PRIMARY KEY (rowid=?)")
                .anyMatch(step -> step.contains("INDEX aliases_learned (learned<?)"));
    }

    private List<String> plan(String sql) throws SQLException {
        Path file = folder.resolve("crmux.db");
        Awaiting.success(SqliteStore.open(StoreOptions.DEFAULTS.at(file)).close());
        List<String> steps = new ArrayList<>();
        try (Connection connection = Platform.SQLITE.open(file, true);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
            while (row.next()) {
                steps.add(row.getString("detail"));
            }
        }
        return steps;
    }
}
