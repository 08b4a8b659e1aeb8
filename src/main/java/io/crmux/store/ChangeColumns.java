package io.crmux.store;

import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Changes of which most are kept as columns: a few arrays take less than objects do, of the heap and of the time of a start. */
final class ChangeColumns implements StoredChanges {

    private final String connection;
    private final long[] seqs;
    private final long[] accepted;
    private final long[] operations;
    private final @Nullable String[] contacts;
    private final @Nullable String[] emails;
    private final @Nullable ChangeBody[] bodies;
    private final @Nullable StoredChange[] whole;
    private int size;

    /** None yet, of so many at most. */
    ChangeColumns(String connection, int most) {
        this.connection = connection;
        this.seqs = new long[most];
        this.accepted = new long[most];
        this.operations = new long[2 * most];
        this.contacts = new @Nullable String[most];
        this.emails = new @Nullable String[most];
        this.bodies = new @Nullable ChangeBody[most];
        this.whole = new @Nullable StoredChange[most];
    }

    /** Adds one that is deferred. */
    void add(
            long seq,
            long acceptedAt,
            long operationHigh,
            long operationLow,
            String contact,
            @Nullable String email,
            ChangeBody body) {
        seqs[size] = seq;
        accepted[size] = acceptedAt;
        operations[2 * size] = operationHigh;
        operations[2 * size + 1] = operationLow;
        contacts[size] = contact;
        emails[size] = email;
        bodies[size++] = body;
    }

    /** Adds one that is not. */
    void add(StoredChange change) {
        seqs[size] = change.change().seq();
        whole[size++] = change;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean isDeferred(int index) {
        return whole[index] == null;
    }

    @Override
    public String contactId(int index) {
        return Objects.requireNonNull(contacts[index]);
    }

    @Override
    public @Nullable String email(int index) {
        return emails[index];
    }

    @Override
    public StoredChange get(int index) {
        StoredChange change = whole[index];
        return change == null ? made(index) : change;
    }

    private StoredChange made(int index) {
        NewChange change = new NewChange(
                new UUID(operations[2 * index], operations[2 * index + 1]),
                connection,
                contactId(index),
                emails[index],
                Objects.requireNonNull(bodies[index]),
                accepted[index]);
        return StoredChange.untouched(new Change(seqs[index], change));
    }

    @Override
    public long lastSeq() {
        return seqs[size - 1];
    }
}
