package io.crmux.gateway;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;

/**
 * Names operations by UUIDs of version 7 (RFC 9562): they begin with the time, so that a store's index of them grows at its end, and go on with 74 random
 * bits.
 */
final class OperationIds {

    private static final long VERSION = 0x7000;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long RANDOM_HIGH = 0x0fff;
    private static final long RANDOM_LOW = 0x3fff_ffff_ffff_ffffL;

    /** Bytes for many ids: asking for few at a time costs nearly as much as asking for many. */
    private static final int SUPPLY = 4096;

    private final SecureRandom random = new SecureRandom();
    private final byte[] bytes = new byte[SUPPLY];
    private final ByteBuffer supply = ByteBuffer.wrap(bytes).position(SUPPLY);

    UUID next(long millis) {
        long high = (millis << 16) | VERSION | (randomLong() & RANDOM_HIGH);
        long low = VARIANT | (randomLong() & RANDOM_LOW);
        return new UUID(high, low);
    }

    private long randomLong() {
        if (!supply.hasRemaining()) {
            random.nextBytes(bytes);
            supply.rewind();
        }
        return supply.getLong();
    }
}
