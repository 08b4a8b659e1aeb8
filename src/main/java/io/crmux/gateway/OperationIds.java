package io.crmux.gateway;

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

    private final SecureRandom random = new SecureRandom();

    UUID next(long millis) {
        long high = (millis << 16) | VERSION | (random.nextLong() & RANDOM_HIGH);
        long low = VARIANT | (random.nextLong() & RANDOM_LOW);
        return new UUID(high, low);
    }
}
