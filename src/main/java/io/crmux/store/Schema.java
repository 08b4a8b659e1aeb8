package io.crmux.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/*
 * The format of the file. `user_version` says which; a file is brought forward on opening, in one transaction, and never back.
 *
 * changes: one row a change, numbered by acceptance. AUTOINCREMENT, so that a number is never given twice, even when its row has been forgotten.
 *   operation  a UUID as 16 bytes
 *   contact, email  null, both, where a tag is to be created, which is of no contact
 *   email_key  the normalised address where it differs from the address as written; null where it does not
 *   body       see ChangeBodies
 *   state      see States: 2 is queued, 5 is dead, 7 is staged
 *   origin     the name of the connection that a mirrored change was accepted for, and origin_contact its contact's id there
 * Small partial indexes keep an accepted change cheap: it adds one row and two index entries, and if operation ids grow with time, all of them at the
 * right edge, so a group of changes dirties few pages.
 * Dead changes are found by their contacts, too, so that it is cheap to see which changes follow a dead one.
 * aliases, renames and tag_lists hold what was learned; requests what idempotency keys stand for; texts what others keep from one start to the next;
 * probe is written to see whether writing works.
 */
final class Schema {

    /** Marks a file as ours: "crmx". */
    private static final int APPLICATION = 0x63726d78;

    private static final List<String> FORMAT_1 = List.of(
            "CREATE TABLE connections (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT",
            """
            CREATE TABLE changes (
              seq INTEGER PRIMARY KEY AUTOINCREMENT,
              connection INTEGER NOT NULL,
              operation ANY NOT NULL,
              contact TEXT,
              email TEXT,
              email_key TEXT,
              body TEXT NOT NULL,
              accepted INTEGER NOT NULL,
              state INTEGER NOT NULL,
              attempts INTEGER NOT NULL,
              at INTEGER NOT NULL,
              waiting_for TEXT,
              problem TEXT,
              settled INTEGER NOT NULL
            ) STRICT""",
            "CREATE INDEX changes_operation ON changes (operation)",
            "CREATE INDEX changes_unsettled ON changes (connection) WHERE settled = 0",
            "CREATE INDEX changes_dead ON changes (connection) WHERE state = 5",
            "CREATE INDEX changes_ended ON changes (at) WHERE settled = 1 AND state <> 5",
            """
            CREATE TABLE aliases (
              id INTEGER PRIMARY KEY,
              connection INTEGER NOT NULL,
              email TEXT NOT NULL,
              contact TEXT NOT NULL,
              learned INTEGER NOT NULL,
              UNIQUE (connection, email)
            ) STRICT""",
            "CREATE INDEX aliases_contact ON aliases (connection, contact)",
            "CREATE INDEX aliases_learned ON aliases (learned)",
            "CREATE TABLE tag_lists (connection INTEGER PRIMARY KEY, tags TEXT NOT NULL, loaded INTEGER NOT NULL) STRICT",
            "CREATE TABLE probe (id INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT",
            "INSERT INTO probe (id, count) VALUES (0, 0)");

    private static final List<String> FORMAT_2 = List.of(
            "ALTER TABLE changes ADD COLUMN result TEXT",
            "ALTER TABLE changes ADD COLUMN origin TEXT",
            "ALTER TABLE changes ADD COLUMN origin_contact TEXT",
            "DROP INDEX changes_ended",
            "CREATE INDEX changes_ended ON changes (at) WHERE settled = 1 AND state <> 5 AND state <> 7",
            "CREATE INDEX changes_dead_contact ON changes (connection, contact) WHERE state = 5 AND contact IS NOT NULL",
            """
            CREATE INDEX changes_dead_address ON changes (connection, coalesce(email_key, email))
            WHERE state = 5 AND email IS NOT NULL""",
            "CREATE INDEX changes_staged ON changes (connection) WHERE state = 7",
            "CREATE INDEX changes_staged_ended ON changes (at) WHERE settled = 1 AND state = 7",
            """
            CREATE TABLE renames (
              id INTEGER PRIMARY KEY,
              connection INTEGER NOT NULL,
              former TEXT NOT NULL,
              contact TEXT NOT NULL,
              learned INTEGER NOT NULL,
              UNIQUE (connection, former)
            ) STRICT""",
            "CREATE INDEX renames_learned ON renames (learned)",
            """
            CREATE TABLE requests (
              connection INTEGER NOT NULL,
              owner TEXT NOT NULL,
              key TEXT NOT NULL,
              fingerprint TEXT NOT NULL,
              operation BLOB,
              answer TEXT,
              at INTEGER NOT NULL,
              PRIMARY KEY (connection, owner, key)
            ) STRICT, WITHOUT ROWID""",
            "CREATE INDEX requests_at ON requests (at)",
            """
            CREATE TABLE texts (
              kind TEXT NOT NULL,
              name TEXT NOT NULL,
              text TEXT NOT NULL,
              PRIMARY KEY (kind, name)
            ) STRICT, WITHOUT ROWID""");

    private static final List<String> FORMAT_3 =
            List.of("CREATE INDEX renames_contact ON renames (connection, contact)");

    /**
     * How much of the store is mirrors' is counted at the start. Besides, a change may be the creation of a tag, which a reader of format 3 does not know: it
     * would open the file and fail when it comes to one. No function in an index is newer than the sqlite3 with which an operator may look inside.
     */
    private static final List<String> FORMAT_4 = List.of("""
            CREATE INDEX changes_mirrored ON changes (connection, length(CAST(body AS BLOB))) WHERE settled = 0 AND origin IS NOT NULL""");

    /**
     * 32 MB. Nothing is acknowledged while a checkpoint lasts, and a commit under load has some eight pages: with SQLite's thousand there would be seven
     * checkpoints a second, and one acknowledgement in a hundred would wait for one.
     */
    static final int PAGES_BETWEEN_CHECKPOINTS = 8000;

    /** What makes a file of each format from one of the format before. */
    static final List<List<String>> STEPS = List.of(FORMAT_1, FORMAT_2, FORMAT_3, FORMAT_4);

    static final int VERSION = STEPS.size();

    private Schema() {}

    /**
     * Prepares a connection for writing: durable, and in the present format.
     *
     * @throws StoreException when the file is not a store, or is of a later format, or cannot be made durable
     */
    static void prepare(Connection connection, Path file) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 5000");
            int version = version(statement, file);
            makeDurable(statement, file);
            statement.execute("PRAGMA journal_size_limit = 67108864");
            statement.execute("PRAGMA wal_autocheckpoint = " + PAGES_BETWEEN_CHECKPOINTS);
            statement.execute("PRAGMA temp_store = MEMORY");
            connection.setAutoCommit(false);
            migrate(connection, statement, version);
        }
    }

    /**
     * Checks a connection that is only to be read.
     *
     * @throws StoreException when the file is not a store, or not in the present format
     */
    static void check(Connection connection, Path file) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int version = version(statement, file);
            if (version == 0) {
                throw notOurs(file);
            }
            if (version < VERSION) {
                throw new StoreException(
                        "the store " + file + " has format " + version + ", this crmux reads format " + VERSION
                                + ": the server brings it forward when it starts",
                        null);
            }
        }
    }

    private static int version(Statement statement, Path file) throws SQLException {
        int version = number(statement, "PRAGMA user_version");
        if (version > VERSION) {
            throw new StoreException(
                    "the store " + file + " has format " + version + ", this crmux knows formats up to " + VERSION
                            + ": it was written by a later crmux",
                    null);
        }
        boolean ours = number(statement, "PRAGMA application_id") == APPLICATION;
        boolean empty = number(statement, "SELECT count(*) FROM sqlite_schema") == 0;
        if (!ours && !(version == 0 && empty)) {
            throw notOurs(file);
        }
        return version;
    }

    private static StoreException notOurs(Path file) {
        return new StoreException(file + " is a database, but not a store of crmux", null);
    }

    private static void makeDurable(Statement statement, Path file) throws SQLException {
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute("PRAGMA synchronous = FULL");
        statement.execute("PRAGMA fullfsync = 1");
        statement.execute("PRAGMA checkpoint_fullfsync = 1");
        String journal = text(statement, "PRAGMA journal_mode");
        int synchronous = number(statement, "PRAGMA synchronous");
        if (!journal.equals("wal") || synchronous != 2) {
            throw new StoreException(
                    "the store " + file + " would not be durable: journal_mode is " + journal + ", synchronous is "
                            + synchronous,
                    null);
        }
    }

    private static void migrate(Connection connection, Statement statement, int version) throws SQLException {
        if (version == VERSION) {
            return;
        }
        for (List<String> step : STEPS.subList(version, VERSION)) {
            for (String sql : step) {
                statement.execute(sql);
            }
        }
        statement.execute("PRAGMA application_id = " + APPLICATION);
        statement.execute("PRAGMA user_version = " + VERSION);
        connection.commit();
    }

    private static int number(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? result.getInt(1) : 0;
        }
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? result.getString(1) : "";
        }
    }
}
