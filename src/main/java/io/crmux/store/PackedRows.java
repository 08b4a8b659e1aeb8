package io.crmux.store;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/*
 * Reads rows of changes that SQLite has packed into one value. Fetching a column costs a call through JNI, and fetching a row another, which is most of
 * the cost of reading it. Of each row come numbers first, each followed by a blank, then texts and the operation, one after the other. Lengths are in
 * bytes; a text that is null has none. What has happened to a change follows in the same way, where anything has: to most of what waits at a start,
 * nothing has.
 */
final class PackedRows {

    private static final String ALIKE = """
            seq, ' ', accepted, ' ', octet_length(contact), ' ', octet_length(email), ' ', octet_length(body), ' ',
            contact, email, body, operation""";

    /** One row, to be selected. */
    static final String ROW = """
            CAST(CASE
              WHEN state = %1$d AND at = accepted AND attempts = 0 AND settled = 0 AND waiting_for IS NULL AND problem IS NULL AND result IS NULL
                AND origin IS NULL AND json_valid(body) AND json_array_length(body) = %3$d
              THEN concat('0 ', %2$s)
              ELSE concat('1 ', %2$s,
                state, ' ', attempts, ' ', at, ' ', settled, ' ', octet_length(waiting_for), ' ', octet_length(problem), ' ',
                octet_length(result), ' ', octet_length(origin), ' ', octet_length(origin_contact), ' ',
                waiting_for, problem, result, origin, origin_contact)
              END AS BLOB)""".formatted(States.number(ChangeState.QUEUED), ALIKE, ChangeBodies.USUAL_PARTS);

    private static final int OF_ALL = 6;
    private static final int OF_TOUCHED = 9;
    private static final int NONE = -1;

    private final byte[] packed;
    private final ByteBuffer bytes;
    private final long[] numbers = new long[Math.max(OF_ALL, OF_TOUCHED)];
    private final String connection;
    private final Shared shared;
    private int position;
    private long seq;

    /** @param packed any number of rows, one after the other */
    PackedRows(byte[] packed, String connection, Shared shared) {
        this.packed = packed;
        this.bytes = ByteBuffer.wrap(packed);
        this.connection = connection;
        this.shared = shared;
    }

    static StoredChange one(byte[] packed, String connection, Shared shared) {
        return new PackedRows(packed, connection, shared).next();
    }

    boolean hasNext() {
        return position < packed.length;
    }

    StoredChange next() {
        try {
            readHead();
            String contact = text(numbers[3]);
            String email = text(numbers[4]);
            return row(contact, email, body());
        } catch (IndexOutOfBoundsException | IllegalArgumentException | DecodeException | StoreException e) {
            throw unreadable(e);
        }
    }

    /** Reads all rows that are left; of those that only wait, no more than whose they are. */
    void readInto(PackedChanges changes) {
        try {
            while (hasNext()) {
                nextInto(changes);
            }
        } catch (IndexOutOfBoundsException | IllegalArgumentException | DecodeException | StoreException e) {
            throw unreadable(e);
        }
    }

    /** The row that begins there. */
    StoredChange at(int begin) {
        position = begin;
        return next();
    }

    private StoreException unreadable(RuntimeException why) {
        String what = why instanceof StoreException ? why.getMessage() : "its row is damaged";
        return new StoreException("stored change " + seq + " cannot be read: " + what, why);
    }

    private void readHead() {
        readNumbers(OF_ALL);
        seq = numbers[1];
    }

    private void nextInto(PackedChanges changes) {
        int begin = position;
        readHead();
        String contact = text(numbers[3]);
        int address = position;
        String email = text(numbers[4]);
        int body = (int) numbers[5];
        boolean waits = numbers[0] == 0 && (contact != null || email != null);
        Deferral deferral = waits ? ChangeBodies.deferral(packed, position, body, address) : Deferral.NONE;
        if (deferral != Deferral.NONE) {
            position += body + Operations.BYTES;
            changes.add(seq, begin, contact, email, deferral);
        } else {
            changes.add(row(contact, email, body()));
        }
    }

    private ChangeBody body() {
        int length = (int) numbers[5];
        ChangeBody body = shared.body(packed, position, length);
        position += length;
        return body;
    }

    /** The rest of a row, behind its body. */
    private StoredChange row(@Nullable String contact, @Nullable String email, ChangeBody body) {
        boolean touched = numbers[0] != 0;
        UUID operation = Operations.at(bytes, position);
        position += Operations.BYTES;
        NewChange change = new NewChange(operation, connection, contact, email, body, numbers[2]);
        return touched ? readOn(change) : StoredChange.untouched(new Change(seq, change));
    }

    private StoredChange readOn(NewChange change) {
        readNumbers(OF_TOUCHED);
        ChangeState state = States.state((int) numbers[0]);
        int attempts = (int) numbers[1];
        long at = numbers[2];
        boolean settled = numbers[3] != 0;
        String waitingFor = text(numbers[4]);
        JsonObject problem = object(numbers[5]);
        JsonObject result = object(numbers[6]);
        String origin = text(numbers[7]);
        String originContact = text(numbers[8]);
        return new StoredChange(
                new Change(seq, origin == null ? change : mirrored(change, new Origin(origin, originContact))),
                new Progress(seq, state, attempts, at, waitingFor, problem, result, settled));
    }

    private static NewChange mirrored(NewChange change, Origin origin) {
        return new NewChange(
                change.operation(),
                change.connection(),
                change.contactId(),
                change.email(),
                change.body(),
                origin,
                change.accepted());
    }

    /** In one loop: as a method of its own, the compiler would put it into the reading of a row once for each number, which takes it half a second. */
    private void readNumbers(int count) {
        int at = position;
        for (int i = 0; i < count; i++) {
            long number = packed[at] == ' ' ? NONE : 0;
            boolean negative = packed[at] == '-';
            for (at += negative ? 1 : 0; packed[at] != ' '; at++) {
                number = number * 10 + packed[at] - '0';
            }
            at++;
            numbers[i] = negative ? -number : number;
        }
        position = at;
    }

    private @Nullable String text(long length) {
        if (length == NONE) {
            return null;
        }
        String text = shared.text(packed, position, (int) length);
        position += (int) length;
        return text;
    }

    private @Nullable JsonObject object(long length) {
        if (length == NONE) {
            return null;
        }
        String text = new String(packed, position, (int) length, StandardCharsets.UTF_8);
        position += (int) length;
        return new JsonObject(text);
    }
}
