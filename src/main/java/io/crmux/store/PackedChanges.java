package io.crmux.store;

import org.jspecify.annotations.Nullable;

/** Changes of which most stay in the bytes that were read: that takes less than objects do, of the heap and of the time of a start. */
final class PackedChanges implements StoredChanges {

    private final PackedRows rows;
    private final int[] positions;
    private final @Nullable String[] contacts;
    private final @Nullable String[] emails;
    private final @Nullable StoredChange[] whole;
    private final Deferral[] deferrals;
    private int size;
    private long lastSeq;

    /**
     * All that are there.
     *
     * @param count how many these are
     */
    PackedChanges(PackedRows rows, int count) {
        this.rows = rows;
        this.positions = new int[count];
        this.contacts = new @Nullable String[count];
        this.emails = new @Nullable String[count];
        this.whole = new @Nullable StoredChange[count];
        this.deferrals = new Deferral[count];
        rows.readInto(this);
    }

    /** Adds one that is deferred. */
    void add(long seq, int position, @Nullable String contact, @Nullable String email, Deferral deferral) {
        positions[size] = position;
        deferrals[size] = deferral;
        contacts[size] = contact;
        emails[size++] = email;
        lastSeq = seq;
    }

    /** Adds one that is not. */
    void add(StoredChange change) {
        whole[size++] = change;
        lastSeq = change.change().seq();
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
    public boolean isCreation(int index) {
        return deferrals[index] == Deferral.CREATION;
    }

    @Override
    public boolean tellsAddress(int index) {
        return deferrals[index] == Deferral.TELLS_ADDRESS;
    }

    @Override
    public @Nullable String contactId(int index) {
        return contacts[index];
    }

    @Override
    public @Nullable String email(int index) {
        return emails[index];
    }

    @Override
    public StoredChange get(int index) {
        StoredChange change = whole[index];
        return change == null ? rows.at(positions[index]) : change;
    }

    @Override
    public long lastSeq() {
        return lastSeq;
    }
}
