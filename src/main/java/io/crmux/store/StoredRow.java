package io.crmux.store;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/*
 * Reads a row of changes from one value. Fetching a column costs a call through JNI, which is most of the cost of reading a row; so SQLite packs the
 * row: numbers first, each followed by a blank, then the texts and the operation, one after the other. Lengths are in bytes, -1 stands for null.
 */
final class StoredRow {

    /** To be selected. */
    static final String COLUMN = """
            CAST(concat(
              seq, ' ', accepted, ' ', at, ' ', state, ' ', attempts, ' ', settled, ' ',
              coalesce(octet_length(contact), -1), ' ', coalesce(octet_length(email), -1), ' ', octet_length(body), ' ',
              coalesce(octet_length(waiting_for), -1), ' ', coalesce(octet_length(problem), -1), ' ',
              coalesce(octet_length(result), -1), ' ', coalesce(octet_length(origin), -1), ' ',
              coalesce(octet_length(origin_contact), -1), ' ',
              contact, email, body, waiting_for, problem, result, origin, origin_contact, operation) AS BLOB)""";

    /** Of the column. They are read in a loop: the code of as many calls takes longer to compile than all that waits to be read. */
    private static final int NUMBERS = 14;

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
        long[] numbers = new long[NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            numbers[i] = number();
        }
        String contact = shared.text(text(numbers[6]));
        String email = shared.text(text(numbers[7]));
        ChangeBody body = shared.body(some((int) numbers[8]));
        String waitingFor = shared.text(text(numbers[9]));
        JsonObject problem = object(numbers[10]);
        JsonObject result = object(numbers[11]);
        String origin = shared.text(text(numbers[12]));
        String originContact = shared.text(text(numbers[13]));
        NewChange change = new NewChange(
                Operations.at(packed, position),
                connection,
                contact,
                email,
                body,
                origin == null ? null : new Origin(origin, originContact),
                numbers[1]);
        Progress progress = new Progress(
                numbers[0],
                States.state((int) numbers[3]),
                (int) numbers[4],
                numbers[2],
                waitingFor,
                problem,
                result,
                numbers[5] != 0);
        return new StoredChange(new Change(numbers[0], change), progress);
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

    private @Nullable String text(long length) {
        return length < 0 ? null : some((int) length);
    }

    private String some(int length) {
        String text = new String(packed, position, length, StandardCharsets.UTF_8);
        position += length;
        return text;
    }

    private @Nullable JsonObject object(long length) {
        return length < 0 ? null : new JsonObject(some((int) length));
    }
}
