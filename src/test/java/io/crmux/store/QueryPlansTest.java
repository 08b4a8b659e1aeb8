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
                .contains("SEARCH changes USING INDEX changes_unsettled (connection=? AND rowid>?)")
                .noneMatch(step -> step.contains("SCAN changes") || step.contains("ORDER BY"));
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
        assertThat(plan(Forgetting.ENDED))
                .contains("SEARCH c USING INDEX changes_ended (at>? AND at<?)")
                .noneMatch(step -> step.contains("SCAN c") || step.contains("TEMP B-TREE"));
        assertThat(plan(Forgetting.STAGED))
                .contains("SEARCH changes USING INTEGER PRIMARY KEY (rowid=?)")
                .anyMatch(step -> step.contains("INDEX changes_staged_ended (at<?)"));
        assertThat(plan(Forgetting.ALIASES)).anyMatch(step -> step.contains("INDEX aliases_learned (learned<?)"));
        assertThat(plan(Forgetting.RENAMES)).anyMatch(step -> step.contains("INDEX renames_learned (learned<?)"));
        assertThat(plan(Forgetting.REQUESTS))
                .anyMatch(step -> step.contains("INDEX requests_at (at<?)"))
                .anyMatch(step -> step.contains("(connection=? AND owner=? AND key=?)"));
    }

    @Test
    void whetherAChangeFollowsADeadOneIsFoundByTheDeadOnesAlone() throws SQLException {
        assertThat(plan(Forgetting.FOLLOWS))
                .contains(
                        "SEARCH d USING COVERING INDEX changes_dead_contact (connection=? AND contact=? AND rowid<?)",
                        "SEARCH d USING INDEX changes_dead_address (connection=? AND <expr>=? AND rowid<?)",
                        "SEARCH a USING INDEX sqlite_autoindex_aliases_1 (connection=? AND email=?)",
                        "SEARCH a USING INDEX aliases_contact (connection=? AND contact=?)",
                        "SEARCH r USING INDEX sqlite_autoindex_renames_1 (connection=? AND former=?)",
                        "SEARCH r USING INDEX renames_contact (connection=? AND contact=?)")
                .noneMatch(step -> step.startsWith("SCAN")
                        && !List.of("SCAN known", "SCAN CONSTANT ROW").contains(step));
    }

    @Test
    void whatWaitsForMirrorsIsCountedByItsIndex() throws SQLException {
        assertThat(plan(Mirrored.COUNT)).containsExactly("SCAN changes USING INDEX changes_mirrored");
    }

    @Test
    void whatIsKeptToBeLookedAtIsFoundByItsState() throws SQLException {
        for (boolean ofContacts : List.of(true, false)) {
            assertThat(plan(ReadSession.list(ChangeState.DEAD, ofContacts)))
                    .contains("SEARCH changes USING INDEX changes_dead (connection=? AND rowid>?)")
                    .noneMatch(step -> step.contains("TEMP B-TREE"));
            assertThat(plan(ReadSession.list(ChangeState.STAGED, ofContacts)))
                    .contains("SEARCH changes USING INDEX changes_staged (connection=? AND rowid>?)")
                    .noneMatch(step -> step.contains("TEMP B-TREE"));
        }
    }

    @Test
    void laterChangesAreLookedForAmongThoseAcceptedLater() throws SQLException {
        assertThat(plan(ReadSession.LATER))
                .contains("SEARCH changes USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)")
                .noneMatch(step -> step.contains("TEMP B-TREE"));
        assertThat(plan(WriteSession.SUPERSEDING)).contains("SEARCH changes USING INTEGER PRIMARY KEY (rowid>?)");
    }

    @Test
    void addressesOfContactsAreFoundByTheirIndexes() throws SQLException {
        assertThat(plan(ReadSession.ALIASES_OF))
                .contains(
                        "SEARCH a USING INDEX aliases_contact (connection=? AND contact=?)",
                        "SEARCH e USING INDEX sqlite_autoindex_aliases_1 (connection=? AND email=?)");
    }

    @Test
    void aRequestIsFoundByItsKey() throws SQLException {
        assertThat(plan(ReadSession.REQUEST))
                .contains("SEARCH requests USING PRIMARY KEY (connection=? AND owner=? AND key=?)");
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
