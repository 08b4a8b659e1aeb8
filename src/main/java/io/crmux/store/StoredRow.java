package io.crmux.store;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/*
 * Reads a row of changes from one value. Fetching a column costs a call through JNI, which is most of the cost of reading a row; so SQLite packs the
 * row: numbers first, each followed by a blank, then the texts and the operation, one after the other. Lengths are in bytes, -1 stands for null. What
 * has happened to a change follows in the same way, where anything has: to most of what waits at a start, nothing has.
 */
final class StoredRow {

    /** To be selected. */
    static final String COLUMN = """
            CAST(concat(
              seq, ' ', accepted, ' ', at, ' ', coalesce(octet_length(contact), -1), ' ', coalesce(octet_length(email), -1), ' ',
              octet_length(body), ' ', contact, email, body, operation,
              CASE WHEN state = %d AND attempts = 0 AND settled = 0 AND waiting_for IS NULL AND problem IS NULL AND result IS NULL
                AND origin IS NULL
              THEN '' ELSE concat(
                state, ' ', attempts, ' ', settled, ' ', coalesce(octet_length(waiting_for), -1), ' ',
                coalesce(octet_length(problem), -1), ' ', coalesce(octet_length(result), -1), ' ',
                coalesce(octet_length(origin), -1), ' ', coalesce(octet_length(origin_contact), -1), ' ',
                waiting_for, problem, result, origin, origin_contact)
              END) AS BLOB)""".formatted(States.number(ChangeState.QUEUED));

    private final byte[] packed;
    private int position;

    private StoredRow(byte[] packed) {
        this.packed = packed;
    }

    static StoredChange read(byte[] packed, String connection, Shared shared) {
        try {
            return new StoredRow(packed).read(connection, shared);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | DecodeException e) {
            throw new StoreException("a stored change cannot be read", e);
        }
    }

    private StoredChange read(String connection, Shared shared) {
        long seq = number();
        long accepted = number();
        long at = number();
        int contactLength = (int) number();
        int emailLength = (int) number();
        int bodyLength = (int) number();
        String contact = shared.text(text(contactLength));
        String email = shared.text(text(emailLength));
        ChangeBody body = shared.body(some(bodyLength));
        NewChange change = new NewChange(Operations.at(packed, position), connection, contact, email, body, accepted);
        position += Operations.BYTES;
        return position == packed.length
                ? new StoredChange(
                        new Change(seq, change), new Progress(seq, ChangeState.QUEUED, 0, at, null, null, false))
                : readOn(seq, at, change, shared);
    }

    private StoredChange readOn(long seq, long at, NewChange change, Shared shared) {
        ChangeState state = States.state((int) number());
        int attempts = (int) number();
        boolean settled = number() != 0;
        int waitingLength = (int) number();
        int problemLength = (int) number();
        int resultLength = (int) number();
        int originLength = (int) number();
        int originContactLength = (int) number();
        String waitingFor = shared.text(text(waitingLength));
        JsonObject problem = object(problemLength);
        JsonObject result = object(resultLength);
        String origin = shared.text(text(originLength));
        String originContact = shared.text(text(originContactLength));
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

    private long number() {
        boolean negative = packed[position] == '-';
        long number = 0;
        for (position += negative ? 1 : 0; packed[position] != ' '; position++) {
            number = number * 10 + packed[position] - '0';
        }
        position++;
        return negative ? -number : number;
    }

    private @Nullable String text(int length) {
        return length < 0 ? null : some(length);
    }

    private String some(int length) {
        String text = new String(packed, position, length, StandardCharsets.UTF_8);
        position += length;
        return text;
    }

    private @Nullable JsonObject object(int length) {
        return length < 0 ? null : new JsonObject(some(length));
    }
}
