package io.crmux.store;

import java.nio.ByteBuffer;
import java.util.UUID;

/** Operations' ids as they are stored: 16 bytes in place of 36, in the row and in the index. */
final class Operations {

    static final int BYTES = 16;

    private Operations() {}

    static byte[] bytes(UUID operation) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putLong(operation.getMostSignificantBits()).putLong(operation.getLeastSignificantBits());
        return bytes.array();
    }

    /** Reads an id from a place. */
    static UUID at(ByteBuffer bytes, int position) {
        return new UUID(bytes.getLong(position), bytes.getLong(position + Long.BYTES));
    }
}
